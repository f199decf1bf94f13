"""Migrates archives with AiiDA and writes what came out: ``migrate.py OUT.json ARCHIVE...``.

For each archive either ``{'tables': {name: [row, ...]}}`` or ``{'refused': why}``. JSON cells are texts.
"""

import json
import sqlite3
import sys
import tempfile
import zipfile
from pathlib import Path

from aiida.storage.sqlite_zip.migrator import migrate

_TABLES = ('user', 'computer', 'group', 'node', 'link', 'group_dbnodes', 'comment', 'log')


def _tables(archive, folder):
    database = Path(folder, 'db')
    with zipfile.ZipFile(archive) as zipped:
        database.write_bytes(zipped.read('db.sqlite3'))
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    try:
        return {name: [dict(row) for row in connection.execute(f'SELECT * FROM db_db{name}')] for name in _TABLES}
    finally:
        connection.close()


def _migrated(archive):
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, 'migrated.aiida')
        try:
            migrate(archive, target, 'main_0001', compression=0)
        except Exception as error:
            return {'refused': f'{type(error).__name__}: {error}'}
        return {'tables': _tables(target, folder)}


out, *archives = sys.argv[1:]
Path(out).write_text(json.dumps({name: _migrated(name) for name in archives}), encoding='utf8')
