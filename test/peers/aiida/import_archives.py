"""Imports archives one after the other into the loaded profile, then dumps it.

Usage: ``python import_archives.py DUMP ARCHIVE...``
"""

import sys

from dump import write_dump

from aiida import load_profile
from aiida.tools.archive import import_archive

load_profile()
target, *archives = sys.argv[1:]
for archive in archives:
    import_archive(archive, create_group=False)
write_dump(target)
