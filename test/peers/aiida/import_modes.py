"""Imports the same two archives by many modes, each into a profile of its own in memory, and dumps what is there.

Usage: ``python import_modes.py CASES DUMPS FIRST SECOND``: CASES is a JSON list of ``{name, ...}`` with the arguments of
``import_archive`` for SECOND; FIRST is imported as AiiDA does by itself. DUMPS gets ``{name: dump}``.
"""

import json
import sys

from dump import dump

from aiida import load_profile, orm
from aiida.storage.sqlite_temp import SqliteTempBackend
from aiida.tools.archive import import_archive

cases, dumps, first, second = sys.argv[1:]


def logins():
    query = orm.QueryBuilder().append(orm.AuthInfo, project=['*'])
    return sorted(
        [one.user.email, str(one.computer.uuid), one.enabled, one.get_auth_params()]
        for one in query.all(flat=True)
    )


def after(name, group=None, **arguments):
    profile = SqliteTempBackend.create_profile(name, default_user_email='grace@example.org')
    load_profile(profile, allow_switch=True)
    import_archive(first, create_group=False)
    if group is not None:
        arguments['group'] = orm.Group.collection.get_or_create(group)[0]
    if 'merge_extras' in arguments:
        arguments['merge_extras'] = tuple(arguments['merge_extras'])
    import_archive(second, **arguments)
    return {**dump(), 'logins': logins()}


with open(cases, encoding='utf8') as handle:
    asked = json.load(handle)
with open(dumps, 'w', encoding='utf8') as handle:
    json.dump({case['name']: after(**case) for case in asked}, handle)
