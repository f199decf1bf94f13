"""Reads the demo project through AiiDA's own classes.

Usage: ``python check_demo.py``, in a profile into which it was imported.
"""

import numpy

from aiida import load_profile, orm

load_profile()

bands = orm.QueryBuilder().append(orm.BandsData).one()[0]
energies = bands.get_bands()
assert energies.shape == (87, 8), energies.shape
gap = energies[:, 4].min() - energies[:, 3].max()
assert abs(gap - 1.17) < 0.01, gap
assert [label for _, label in bands.labels] == ['L', 'GAMMA', 'X', 'K', 'GAMMA']

for curve in orm.QueryBuilder().append(orm.XyData).all(flat=True):
    name, volumes, units = curve.get_x()
    assert (name, units) == ('volume', 'angstrom^3')
    assert numpy.all(numpy.diff(volumes) > 0)
    assert curve.get_y()[0][1].shape == volumes.shape

silicon = orm.QueryBuilder().append(orm.StructureData, filters={'label': 'silicon'}).one()[0]
assert silicon.get_formula() == 'Si2', silicon.get_formula()
assert abs(silicon.get_cell_volume() * 4 - 5.43**3) < 1e-6

failed = orm.QueryBuilder().append(orm.WorkChainNode, filters={'label': 'iron, first try'}).one()[0]
assert failed.exit_status == 401 and not failed.is_finished_ok and failed.is_sealed
assert [link.link_label for link in failed.base.links.get_outgoing(orm.CalcJobNode).all()] == [
    'iteration_01',
    'iteration_02',
    'iteration_03',
]
assert len(orm.Log.collection.get_logs_for(failed)) == 10, len(orm.Log.collection.get_logs_for(failed))

for job in orm.QueryBuilder().append(orm.CalcJobNode).all(flat=True):
    assert job.outputs.retrieved.base.repository.get_object_content('pwdemo.out').startswith('pwdemo 1.2')
    assert job.get_option('resources')['num_machines'] == 1
    assert job.get_scheduler_state().value == 'done'
    assert job.computer.hostname.endswith('.example.org')
