"""Deletes nodes in AiiDA for many selections, undoes each, and tells what each left.

Usage: ``python delete_nodes.py ARCHIVE QUESTIONS ANSWERS``: JSON lists of ``{nodes, rules}`` and of what is left.
The first ``apply`` questions are really deleted, one after the other; the others are dry runs.
"""

import json
import logging
import sys

from aiida import load_profile, orm
from aiida.tools import delete_nodes
from aiida.tools.graph.graph_traversers import get_nodes_delete

load_profile()
logging.disable(logging.CRITICAL)
asked, answered = sys.argv[1:]

uuid_of = dict(orm.QueryBuilder().append(orm.Node, project=['id', 'uuid']).iterall())
pk_of = {str(uuid): pk for pk, uuid in uuid_of.items()}


def left():
    nodes = orm.QueryBuilder().append(orm.Node, project=['uuid']).all(flat=True)
    links = orm.QueryBuilder()
    links.append(orm.Node, tag='source', project=['uuid'])
    links.append(orm.Node, with_incoming='source', project=['uuid'], edge_project=['type', 'label'])
    groups = orm.QueryBuilder()
    groups.append(orm.Group, tag='group', project=['uuid'])
    groups.append(orm.Node, with_group='group', project=['uuid'])
    return {
        'nodes': sorted(str(uuid) for uuid in nodes),
        'links': sorted([str(s), str(t), kind, label] for s, t, kind, label in links.iterall()),
        'members': sorted([str(group), str(node)] for group, node in groups.iterall()),
        'logs': sorted(str(uuid) for uuid in orm.QueryBuilder().append(orm.Log, project=['uuid']).all(flat=True)),
        'comments': sorted(
            str(uuid) for uuid in orm.QueryBuilder().append(orm.Comment, project=['uuid']).all(flat=True)
        ),
    }


with open(asked, encoding='utf8') as handle:
    questions = json.load(handle)
answers = []
for question in questions:
    pks = [pk_of[uuid] for uuid in question['nodes']]
    if question['apply']:
        delete_nodes(pks, dry_run=False, **question['rules'])
        answers.append(left())
    else:
        found = get_nodes_delete(pks, get_links=False, **question['rules'])
        answers.append(sorted(str(uuid_of[pk]) for pk in found['nodes']))
with open(answered, 'w', encoding='utf8') as handle:
    json.dump(answers, handle)
