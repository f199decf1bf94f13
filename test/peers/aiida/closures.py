"""Asks AiiDA which nodes and links an export takes along, for many selections.

Usage: ``python closures.py QUESTIONS ANSWERS``: JSON lists of ``{nodes, rules}`` and of ``{nodes, links}``.
"""

import json
import sys

from aiida import load_profile, orm
from aiida.tools.graph.graph_traversers import get_nodes_export

load_profile()
questions, answers = sys.argv[1:]


def answer(question):
    start = [orm.load_node(uuid).pk for uuid in question['nodes']]
    found = get_nodes_export(starting_pks=start, get_links=True, **question['rules'])
    return {
        'nodes': sorted(str(orm.load_node(pk).uuid) for pk in found['nodes']),
        'links': len(found['links']),
    }


with open(questions, encoding='utf8') as handle:
    asked = json.load(handle)
with open(answers, 'w', encoding='utf8') as handle:
    json.dump([answer(question) for question in asked], handle)
