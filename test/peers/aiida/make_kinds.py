"""Stores one node of each kind of data that AiiDA has, with the values that a viewer finds hard, and exports them.

Usage: ``python make_kinds.py ARCHIVE``. The profile is temporary, so that nothing has to be set up. Every node has a
label, by which it is found again.
"""

import io
import math
import pathlib
import struct
import sys
import tempfile
import zlib

import numpy

from aiida import load_profile, orm
from aiida.common.datastructures import StashMode
from aiida.engine import ExitCode, calcfunction, run_get_node
from aiida.plugins import OrbitalFactory
from aiida.storage.sqlite_temp import SqliteTempBackend
from aiida.tools.archive import create_archive

load_profile(SqliteTempBackend.create_profile('kinds'), allow_switch=True)
random = numpy.random.default_rng(1)


def keep(label, node, description=''):
    node.label = label
    node.description = description
    return node.store()


computer = orm.Computer(
    label='cluster', hostname='cluster.example.org', transport_type='core.ssh', scheduler_type='core.slurm', workdir='/scratch'
).store()


# Values -------------------------------------------------------------------------------------------------------------

keep('int beyond doubles', orm.Int(2**70 + 1))
keep('float', orm.Float(-1.6021766339999998e-19))
keep('bool', orm.Bool(True))
keep('str', orm.Str('Γ–X|U–K–Γ: “Grüße, 世界”'))
keep('str of lines', orm.Str('\n'.join(f'line {i} of a text that is longer than one line' for i in range(40))))
keep('list', orm.List([[1, 2.0, None], {'symbol': 'Fe', 'spin': 0.5}, 'text', 2**60, *range(300)]))
keep(
    'dict',
    orm.Dict(
        {
            'beyond_doubles': 2**70 + 1,
            'energy': -308.19211429,
            'energy_units': 'eV',
            'converged': True,
            'warnings': [],
            'nothing': None,
            'symmetries': [{'rotation': [[1, 0, 0], [0, 1, 0], [0, 0, 1]], 'name': f'operation {i}'} for i in range(48)],
            'long': 'a sentence that does not end ' * 40,
        }
    ),
)
keep('enum', orm.EnumData(StashMode.COPY))


# Structures ---------------------------------------------------------------------------------------------------------


def structure(cell, pbc, atoms):
    made = orm.StructureData(cell=cell, pbc=pbc)
    for symbol, position, *more in atoms:
        made.append_atom(symbols=symbol, position=position, **(more[0] if more else {}))
    return made


cube = lambda a: [[a, 0, 0], [0, a, 0], [0, 0, a]]
keep('structure of 1 atom', structure(cube(2.87), (True, True, True), [('Fe', (0, 0, 0))]))
magnet = structure(
    cube(2.87),
    (True, True, True),
    [('Fe', (0, 0, 0), {'name': 'Fe1'}), ('Fe', (1.435, 1.435, 1.435), {'name': 'Fe2'})],
)
keep('structure with magnetic kinds', magnet, 'Iron with two sublattices; the kinds differ by name alone.')
alloy = orm.StructureData(cell=cube(3.6))
alloy.append_atom(symbols=['Cu', 'Zn'], weights=[0.5, 0.3], position=(0, 0, 0), name='CuZnX')
alloy.append_atom(symbols='Cu', position=(1.8, 1.8, 0))
keep('structure with partial occupancies', alloy)
angle = math.radians(104.5 / 2)
water = [('O', (0, 0, 0)), *(('H', (0.9572 * math.sin(angle) * s, 0.9572 * math.cos(angle), 0)) for s in (1, -1))]
keep('structure of a molecule', structure(cube(12.0), (False, False, False), water))
salt = [
    ('Na' if (i + j + k) % 2 == 0 else 'Cl', (2.82 * i, 2.82 * j, 2.82 * k))
    for i in range(8)
    for j in range(8)
    for k in range(8)
]
keep('structure of 512 atoms', structure(cube(8 * 2.82), (True, True, True), salt))
sheet = structure(
    [[2.46, 0, 0], [-1.23, 2.1304, 0], [0, 0, 15]], (True, True, False), [('C', (0, 0, 7.5)), ('C', (0, 1.4203, 7.5))]
)
keep('structure of a layer', sheet)


# Trajectories -------------------------------------------------------------------------------------------------------

steps = 60
silicon = numpy.array([[0, 0, 0], [1.3575, 1.3575, 1.3575]])
positions = silicon + numpy.cumsum(random.normal(0, 0.02, (steps, 2, 3)), axis=0)
cells = numpy.array([numpy.array([[0, 2.715, 2.715], [2.715, 0, 2.715], [2.715, 2.715, 0]]) * (1 + 1e-3 * i) for i in range(steps)])
moving = orm.TrajectoryData()
moving.set_trajectory(['Si', 'Si'], positions, stepids=numpy.arange(steps), cells=cells, times=0.5 * numpy.arange(steps))
moving.set_array('energies', -308 + numpy.exp(-numpy.arange(steps) / 10))
moving.set_array('forces', random.normal(0, 0.1, (steps, 2, 3)))
keep('trajectory', moving)
free = orm.TrajectoryData()
free.set_trajectory(
    ['O', 'H', 'H'], numpy.array([p for _, p in water]) + random.normal(0, 0.03, (25, 3, 3)), stepids=10 * numpy.arange(25)
)
keep('trajectory without cells', free)


# Points and bands ---------------------------------------------------------------------------------------------------

fcc = [[0, 2.715, 2.715], [2.715, 0, 2.715], [2.715, 2.715, 0]]
corners = [('GAMMA', (0, 0, 0)), ('X', (0.5, 0, 0.5)), ('U', (0.625, 0.25, 0.625)), ('K', (0.375, 0.375, 0.75)), ('GAMMA', (0, 0, 0)), ('L', (0.5, 0.5, 0.5)), ('W', (0.5, 0.25, 0.75)), ('X', (0.5, 0, 0.5))]
points, labels = [], []
for n, ((name, here), following) in enumerate(zip(corners, corners[1:] + [None])):
    labels.append((len(points), name))
    points.append(here)
    if following is None or (name, following[0]) == ('U', 'K'):
        continue
    start, end = numpy.array(here), numpy.array(following[1])
    points.extend(tuple(start + (end - start) * i / 24 + 1e-17) for i in range(1, 24))
path = orm.KpointsData()
path.set_cell(fcc)
path.set_kpoints(points, labels=labels)
keep('k-points on a path', path)
mesh = orm.KpointsData()
mesh.set_cell(fcc)
mesh.set_kpoints_mesh([8, 8, 6], offset=[0.5, 0.5, 0])
keep('k-points on a mesh', mesh)
listed = orm.KpointsData()
listed.set_kpoints(random.random((20, 3)) - 0.5, weights=[0.05] * 20)
keep('k-points with weights, without cell', listed)

k = numpy.array(points)
wave = (3 - numpy.cos(2 * numpy.pi * k).sum(axis=1)) / 3
energies = numpy.stack([-6 + 5.2 * wave, 1 - 2.5 * wave, 1.5 - 1.5 * wave, 3.2 - wave, 4.4 + 2 * wave, 5.5 + 3 * wave], axis=1) + 4.829
both = numpy.stack([energies, energies + 0.6])
level = 6.9
polarised = orm.BandsData()
polarised.set_kpointsdata(path)
polarised.set_bands(both, units='eV', occupations=numpy.where(both < level, 1.0, 0.0), labels=['up', 'down'])
polarised.base.attributes.set('fermi_energy', level)
keep('bands of two spins', polarised)
bands = orm.BandsData()
bands.set_kpointsdata(path)
bands.set_bands(energies, units='eV', occupations=numpy.where(numpy.arange(6) < 4, 2.0, 0.0) * numpy.ones((len(k), 1)))
keep('bands', bands)

Orbital = OrbitalFactory('core.realhydrogen')
orbitals = [
    Orbital(
        position=tuple(float(c) for c in silicon[atom]),
        kind_name='Si',
        angular_momentum=momentum,
        magnetic_number=number,
        radial_nodes=0,
    )
    for atom in (0, 1)
    for momentum in (0, 1)
    for number in range(2 * momentum + 1)
]
weights = random.random((len(orbitals), *energies.shape)) * numpy.linspace(1, 0.2, 6)
weights /= weights.sum(axis=0)
grid = numpy.linspace(-3, 14, 400)
density = [numpy.exp(-((grid[:, None] - energies[:, n % 6]) ** 2) / 0.05).sum(axis=1) / len(k) for n in range(len(orbitals))]
projection = orm.ProjectionData()
projection.set_reference_bandsdata(bands)
projection.set_projectiondata(
    orbitals, list_of_projections=list(weights), list_of_energy=[grid] * len(orbitals), list_of_pdos=density, bands_check=False
)
keep('projections', projection)


# Arrays -------------------------------------------------------------------------------------------------------------

arrays = orm.ArrayData()
arrays.set_array('charge_density', numpy.fromfunction(lambda i, j, l: numpy.exp(-((i - 8) ** 2 + (j - 12) ** 2 + (l - 6) ** 2) / 20), (16, 24, 12)))
arrays.set_array('complex', numpy.exp(1j * numpy.linspace(0, 6, 50)))
arrays.set_array('empty', numpy.zeros((0, 3)))
arrays.set_array('flags', numpy.array([True, False, True]))
arrays.set_array('holes', numpy.array([1.0, numpy.nan, numpy.inf, -numpy.inf, 5e-324, 1e300]))
arrays.set_array('large_integers', numpy.array([2**53 + 1, 2**62, -(2**62) - 1]))
arrays.set_array('one', numpy.array([42.0]))
arrays.set_array('scalar', numpy.array(7.5))
arrays.set_array('stress', random.normal(0, 1e-3, (3, 3)))
arrays.set_array('symbols', numpy.array(['Fe', 'Ni', 'Γ']))
arrays.set_array('time_series', numpy.cumsum(random.normal(0, 1, 5000)))
keep('arrays', arrays)
xy = orm.XyData()
axis = numpy.linspace(0, 10, 200)
xy.set_x(axis, 'time', 'ps')
xy.set_y([numpy.sin(axis), 0.5 * numpy.cos(axis), numpy.exp(-axis)], ['potential', 'kinetic', 'decay'], ['eV', 'eV', 'eV'])
keep('xy', xy)
keep('xy with one point', (lambda one: (one.set_x(numpy.array([1.0]), 'volume', 'Å^3'), one.set_y(numpy.array([2.0]), 'energy', 'eV'), one)[-1])(orm.XyData()))


# Files --------------------------------------------------------------------------------------------------------------


def png(width, height):
    row = lambda y: b'\0' + bytes(v for x in range(width) for v in (255 * x // width, 255 * y // height, 128))
    chunk = lambda kind, body: struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
    head = struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b''.join(row(y) for y in range(height)))
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', data) + chunk(b'IEND', b'')


salt_cif = """data_halite
_chemical_name_mineral Halite
_chemical_formula_sum 'Cl Na'
_symmetry_space_group_name_H-M 'P 1'
_cell_length_a 3.988
_cell_length_b 3.988
_cell_length_c 3.988
_cell_angle_alpha 60
_cell_angle_beta 60
_cell_angle_gamma 60
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na 0 0 0
Cl 0.5 0.5 0.5
"""
log = '\n'.join(f'     estimated scf accuracy at step {i:7d}    <{math.exp(-i / 9000):20.8f} Ry' for i in range(60000))
numbers = io.BytesIO()
numpy.save(numbers, numpy.arange(12.0).reshape(3, 4))
single = lambda content, name: orm.SinglefileData(io.BytesIO(content), filename=name)
keep('file of text', single('\n'.join(f'{i} {i * i}' for i in range(200)).encode(), 'squares.dat'))
keep('file of a large log', single(log.encode(), 'pw.out'))
keep('file of a picture', single(png(320, 200), 'density.png'))
keep('file of JSON', single(b'{"a": [1, 2, {"b": null}], "beyond": 12345678901234567890}', 'result.json'))
keep('file of bytes', single(bytes(range(256)) * 40, 'wavefunction.dat'))
keep('file of a CIF', single(salt_cif.encode(), 'halite.cif'))
keep('file that is empty', single(b'', 'empty.txt'))
folder = orm.FolderData()
for name, content in {
    'out/pw.log': log[:4000].encode(),
    'out/density.png': png(64, 64),
    'out/halite.cif': salt_cif.encode(),
    'out/result.json': b'{"energy": -308.1}',
    'out/numbers.npy': numbers.getvalue(),
    'out/charge.dat': bytes(range(256)) * 4,
    'README': b'What came out of the run.\n',
}.items():
    folder.base.repository.put_object_from_bytes(content, name)
keep('folder', folder)
with tempfile.TemporaryDirectory() as place:
    atoms = pathlib.Path(place, 'Si.upf')
    atoms.write_text('<UPF version="2.0.1"><PP_HEADER element="Si" pseudo_type="NC" z_valence="4.0"/></UPF>')
    keep('pseudopotential', orm.UpfData(atoms))
keep('cif', orm.CifData(file=io.BytesIO(salt_cif.encode()), filename='halite.cif', parse_policy='lazy'))


# Places and codes ---------------------------------------------------------------------------------------------------

keep('remote folder', orm.RemoteData(remote_path='/scratch/ab/cd/run', computer=computer))
keep(
    'stashed folder',
    orm.RemoteStashFolderData(stash_mode=StashMode.COPY, target_basepath='/archive/ab/cd', source_list=['out', 'aiida.save']),
)
keep('installed', orm.InstalledCode(computer=computer, filepath_executable='/opt/qe/bin/pw.x', default_calc_job_plugin='core.arithmetic.add', prepend_text='module load qe\nexport OMP_NUM_THREADS=1'))
with tempfile.TemporaryDirectory() as place:
    pathlib.Path(place, 'run.sh').write_text('#!/bin/bash\necho portable\n')
    keep('portable', orm.PortableCode(filepath_files=pathlib.Path(place), filepath_executable='run.sh'))
keep('containerized', orm.ContainerizedCode(computer=computer, filepath_executable='/usr/bin/pw.x', image_name='docker://example/qe:7.3', engine_command='singularity exec --bind $PWD:$PWD {image_name}', default_calc_job_plugin='core.arithmetic.add'))


# Processes ----------------------------------------------------------------------------------------------------------


@calcfunction
def relax(structure, steps):
    from aiida.orm import Log
    from aiida.common import timezone
    from aiida.engine import Process

    node = Process.current().node
    for level, message in (('REPORT', 'starts'), ('WARNING', 'the forces grow'), ('ERROR', 'the forces do not go down')):
        Log(timezone.now(), 'aiida.orm.nodes', level, node.pk, message)
    return ExitCode(401, f'The structure did not relax in {steps.value} steps.')


_, failed = run_get_node(relax, structure=magnet, steps=orm.Int(50))
assert failed.exit_status == 401, failed.exit_status
failed.label = 'failed'

create_archive(None, filename=pathlib.Path(sys.argv[1]), overwrite=True, include_logs=True)
