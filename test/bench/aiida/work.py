"""Does the work of the comparison in AiiDA: one request a line on stdin, one JSON answer a line on stdout.

``functions N``      N calculation functions in this process, one after the other (AiiDA has no other way)
``jobs N``           N jobs, submitted to the daemon, until the last has ended
``chains N STEPS``   N work chains of STEPS calculation functions each, by the daemon, until the last has ended
``fill N``           N ended calculation functions are put into the profile, for the list
``list``             what ``verdi process list -a`` shows, made in this process, so that no start of Python counts
``stop``
"""

import json
import sys
import time
import uuid

from aiida import load_profile, orm
from aiida.engine import submit
from aiida.manage import get_manager
from aiida.orm.entities import EntityTypes
from aiida.plugins import CalculationFactory
from aiida.tools.query.calculation import CalculationQueryBuilder
from bench_aiida import ChainOfMultiplications, multiply
from tabulate import tabulate

load_profile()

ArithmeticAdd = CalculationFactory('core.arithmetic.add')
computer = orm.load_computer('localhost')
computer.configure(safe_interval=0.0)
computer.set_minimum_job_poll_interval(0.0)
code = orm.InstalledCode(
    label='add',
    computer=computer,
    filepath_executable='/bin/bash',
    default_calc_job_plugin='core.arithmetic.add',
).store()
options = {'options': {'resources': {'num_machines': 1, 'num_mpiprocs_per_machine': 1}}}


def drained(nodes):
    """Waits for the daemon with as few questions to the database as will do, so that they cost it nothing."""
    pks = [node.pk for node in nodes]
    while True:
        query = orm.QueryBuilder().append(
            orm.ProcessNode,
            filters={'id': {'in': pks}, 'attributes.sealed': True},
            project=['id', 'attributes.exit_status'],
        )
        ended = query.all()
        if len(ended) == len(pks):
            return {'failed': sum(status != 0 for _, status in ended)}
        time.sleep(0.2)


def functions(count):
    for i in range(count):
        multiply(orm.Int(i), orm.Int(2))


def jobs(count):
    return drained(
        [submit(ArithmeticAdd, x=orm.Int(i), y=orm.Int(2), code=code, metadata=options) for i in range(count)]
    )


def chains(count, steps):
    return drained([submit(ChainOfMultiplications, start=orm.Int(1), steps=orm.Int(steps)) for _ in range(count)])


def fill(count):
    user = orm.User.collection.get_default()
    rows = []
    for i in range(count):
        rows.append(
            {
                'uuid': str(uuid.uuid4()),
                'user_id': user.pk,
                'node_type': 'process.calculation.calcfunction.CalcFunctionNode.',
                'process_type': 'bench_aiida.multiply',
                'label': 'multiply',
                'attributes': {
                    'sealed': True,
                    'process_state': 'finished',
                    'process_label': 'multiply',
                    'exit_status': 0,
                    'function_name': 'multiply',
                },
            }
        )
    storage = get_manager().get_profile_storage()
    with storage.transaction():
        storage.bulk_insert(EntityTypes.NODE, rows, allow_defaults=True)


def show():
    builder = CalculationQueryBuilder()
    filters = builder.get_filters(all_entries=True)
    query = builder.get_query_set(filters=filters, order_by={'ctime': 'asc'})
    columns = ('pk', 'ctime', 'process_label', 'cached', 'state', 'process_status')
    header, *rows = builder.get_projected(query, projections=columns)
    text = tabulate(rows, headers=header)
    return {'rows': len(rows), 'bytes': len(text)}


requests = {'functions': functions, 'jobs': jobs, 'chains': chains, 'fill': fill, 'list': show}

print(json.dumps({'ready': True}), flush=True)
for line in sys.stdin:
    name, *numbers = line.split()
    if name == 'stop':
        break
    start = time.perf_counter()
    said = requests[name](*map(int, numbers))
    print(json.dumps({'ms': (time.perf_counter() - start) * 1000, **(said or {})}), flush=True)
