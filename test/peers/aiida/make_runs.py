"""Runs AiiDA's own arithmetic for real on this machine, then exports the whole profile and dumps it.

Usage: ``python make_runs.py ARCHIVE DUMP``, in a profile made by ``verdi presto``.
"""

import io
import pathlib
import sys
import tempfile

import numpy
from dump import write_dump

from aiida import load_profile, orm
from aiida.engine import calcfunction, run_get_node, workfunction
from aiida.plugins import CalculationFactory, WorkflowFactory
from aiida.tools.archive import create_archive

load_profile()
archive, target = sys.argv[1:]

code = orm.InstalledCode(
    label='add',
    computer=orm.load_computer('localhost'),
    filepath_executable='/bin/bash',
    default_calc_job_plugin='core.arithmetic.add',
).store()
ArithmeticAdd = CalculationFactory('core.arithmetic.add')
MultiplyAdd = WorkflowFactory('core.arithmetic.multiply_add')
options = {'options': {'resources': {'num_machines': 1, 'num_mpiprocs_per_machine': 1}}}

_, good = run_get_node(ArithmeticAdd, x=orm.Int(2), y=orm.Int(3), code=code, metadata=options)
assert good.is_finished_ok, good.exit_message
# the parser of this calculation objects to a negative sum
_, bad = run_get_node(ArithmeticAdd, x=orm.Int(2), y=orm.Int(-7), code=code, metadata=options)
assert bad.exit_status == 410, bad.exit_status
_, chain = run_get_node(MultiplyAdd, x=orm.Int(2), y=orm.Int(3), z=orm.Int(4), code=code)
assert chain.is_finished_ok, chain.exit_message


@calcfunction
def scaled(values, factor):
    return orm.List([value * factor.value for value in values])


@calcfunction
def split(number):
    return {'whole': orm.Int(int(number.value)), 'rest': orm.Float(number.value % 1)}


@workfunction
def both(values, factor, number):
    return {'scaled': scaled(values, factor), **split(number)}


both(orm.List([1, 2.0, 1e-07, 3e200]), orm.Float(2.5), orm.Float(7.25))

odd = orm.Dict(
    {
        'one': 1,
        'one_point_zero': 1.0,
        'beyond_doubles': 2**70 + 1,
        'tiny': 1.5e-300,
        'negative_zero': -0.0,
        'text': 'Grüße, 世界, \u2028, "quotes" \\ and \t tab',
        'nested': {'list': [None, True, [], {}], 'a.b': 'a dot inside', '': 'an empty key'},
        '__proto__': {'polluted': True},
    }
)
odd.label = 'odd values'
odd.description = 'what JSON of JavaScript would change'
odd.store()
odd.base.extras.set_many({'tag': 'demo', 'weights': [1, 1.0, 1e22], 'deep': {'x': {'y': {'z': 1}}}})

array = orm.ArrayData()
array.set_array('energies', numpy.linspace(-1.0, 1.0, 11))
array.set_array('counts', numpy.arange(6).reshape(2, 3))
array.store()

orm.SinglefileData(io.BytesIO(b'plain text\n'), filename='notes.txt').store()
orm.SinglefileData(io.BytesIO(b''), filename='empty').store()
folder = orm.FolderData()
folder.base.repository.put_object_from_bytes(bytes(range(256)) * 3000, 'deep/er/all bytes.bin')
folder.base.repository.put_object_from_bytes(b'same content', 'a.txt')
folder.base.repository.put_object_from_bytes(b'same content', 'deep/b.txt')
folder.base.repository._repository.create_directory('nothing/here')
folder.store()

structure = orm.StructureData(cell=[[0, 2.715, 2.715], [2.715, 0, 2.715], [2.715, 2.715, 0]])
structure.append_atom(position=(0.0, 0.0, 0.0), symbols='Si')
structure.append_atom(position=(1.3575, 1.3575, 1.3575), symbols='Si')
structure.store()

# one of each other class of data, for what AiiDA hashes of it
cell = numpy.eye(3) * 4.0
kpoints = orm.KpointsData()
kpoints.set_cell(cell)
kpoints.set_kpoints_mesh([4, 4, 2], offset=[0.5, 0.0, 0.0])
kpoints.store()
path = orm.KpointsData()
path.set_kpoints([[0.0, 0.0, 0.0], [0.5, 0.0, 0.0]], labels=[[0, 'Γ'], [1, 'X']])
bands = orm.BandsData()
bands.set_kpointsdata(path)
bands.set_bands(numpy.array([[-1.0, 2.0], [-0.5, 1.5]]), units='eV')
bands.store()
xy = orm.XyData()
xy.set_x(numpy.arange(3.0), 'time', 's')
xy.set_y(numpy.arange(3.0) ** 2, 'distance', 'm')
xy.store()
trajectory = orm.TrajectoryData()
trajectory.set_trajectory(['Si'], numpy.zeros((2, 1, 3)), stepids=numpy.arange(2))
trajectory.store()
with tempfile.TemporaryDirectory() as place:
    upf = pathlib.Path(place, 'Si.upf')
    upf.write_text('<UPF version="2.0.1"><PP_HEADER element="Si" z_valence="4.0"/></UPF>')
    orm.UpfData(upf).store()
cif = "data_x\n_cell_length_a 4\n"
orm.CifData(file=io.BytesIO(cif.encode()), filename='x.cif', parse_policy='lazy').store()
computer = orm.load_computer('localhost')
orm.RemoteData(remote_path='/scratch/run', computer=computer).store()
orm.RemoteStashFolderData(
    stash_mode=orm.nodes.data.remote.stash.folder.StashMode.COPY,
    target_basepath='/store',
    source_list=['a', 'b'],
).store()
for value in (True, False):
    orm.Bool(value).store()
for value in (0.1, -0.0, 1e16, 1e22, 123456789.12345678, 5e-324):
    orm.Float(value).store()
for value in ('', 'é', '世界 🌍', 'a' * 300):
    orm.Str(value).store()
orm.List([]).store()
orm.Dict({}).store()
orm.EnumData(orm.nodes.data.remote.stash.folder.StashMode.COPY).store()
orm.ContainerizedCode(
    label='boxed',
    computer=computer,
    filepath_executable='/bin/true',
    image_name='image',
    engine_command='docker run {image_name}',
).store()

group = orm.Group(label='runs', description='what ran').store()
group.add_nodes([good, bad, chain])
group.base.extras.set('colour', 'blue')
orm.Group(label='nothing in it').store()
good.base.comments.add('This one is fine.')
bad.base.comments.add('Negative on purpose: ä ö ü 中文')
chain.base.extras.set('reviewed', True)

create_archive(None, filename=archive, overwrite=True)
write_dump(target)
