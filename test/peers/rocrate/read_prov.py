"""Reads a PROV-JSON document with the package `prov` and prints how many records of each class it found."""

import json
import sys
from collections import Counter

from prov.model import ProvDocument

document = ProvDocument.deserialize(sys.argv[1], format='json')
print(json.dumps(Counter(type(record).__name__ for record in document.get_records())))
