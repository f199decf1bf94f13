"""Imports archives, each into an empty profile of its own in memory, and writes what is there then.

Usage: ``python round_trips.py TASKS RESULTS``: TASKS is a JSON list of ``{name, archive, again?}``. An archive of an
older version is migrated first, as ``verdi archive import`` does it. With ``again`` the whole profile is exported there.
RESULTS gets a line of JSON for each task: ``{name, dump}``, or ``{name, refused}`` with AiiDA's words.
"""

import json
import sys
import tempfile
from pathlib import Path

from dump import dump

from aiida import load_profile
from aiida.manage import get_manager
from aiida.storage.sqlite_temp import SqliteTempBackend
from aiida.storage.sqlite_zip.backend import SqliteZipBackend
from aiida.storage.sqlite_zip.migrator import get_schema_version_head, migrate
from aiida.tools.archive import create_archive, import_archive


def of_today(archive, folder):
    head = get_schema_version_head()
    if SqliteZipBackend.get_current_archive_version(archive) == head:
        return archive
    migrated = Path(folder, 'migrated.aiida')
    migrate(archive, migrated, head, compression=0)
    return migrated


def trip(archive, again=None):
    profile = SqliteTempBackend.create_profile('trip', default_user_email='grace@example.org')
    load_profile(profile, allow_switch=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            import_archive(of_today(archive, folder), create_group=False)
        if again is not None:
            create_archive(None, filename=again, compression=0)
        return {'dump': dump()}
    except Exception as error:
        return {'refused': f'{type(error).__name__}: {error}'}
    finally:
        get_manager().get_profile_storage().close()


tasks, results = sys.argv[1:]
with open(tasks, encoding='utf8') as handle:
    asked = json.load(handle)
with open(results, 'w', encoding='utf8') as handle:
    for task in asked:
        name = task.pop('name')
        handle.write(json.dumps({'name': name, **trip(**task)}) + '\n')
