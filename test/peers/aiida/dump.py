"""Writes everything that is in an AiiDA profile as JSON, in a form that does not depend on who stored it.

Texts of JSON are those of Python's ``json.dumps``; contents of files are read through AiiDA and hashed.
"""

import hashlib
import json
from datetime import timezone

from aiida import orm
from aiida.common.links import LinkType
from aiida.orm import QueryBuilder

_INPUTS = (LinkType.INPUT_CALC, LinkType.INPUT_WORK)


def _time(value):
    return value.astimezone(timezone.utc).strftime('%Y-%m-%d %H:%M:%S.%f')


def _files(node):
    files, folders = {}, []
    for root, dirs, names in node.base.repository.walk():
        for name in names:
            path = (root / name).as_posix()
            with node.base.repository.open(path, 'rb') as handle:
                files[path] = hashlib.sha256(handle.read()).hexdigest()
        if not dirs and not names and str(root) != '.':
            folders.append(root.as_posix())
    return files, sorted(folders)


def _hash(node):
    """What caching goes by. The class of a plugin that is not installed is not known, here or there."""
    known = node.node_type.startswith(('data.core.', 'process.'))
    if isinstance(node, orm.ProcessNode):
        inputs = node.base.links.get_incoming(link_type=_INPUTS).all_nodes()
        known = known and all(data.node_type.startswith('data.core.') for data in inputs)
    return node.base.caching.compute_hash() if known else None


def _nodes():
    nodes = {}
    query = QueryBuilder()
    query.append(orm.Node, tag='node', project=['*'])
    query.append(orm.User, with_node='node', project=['email'])
    for node, email in query.all():
        files, folders = _files(node)
        extras = {k: v for k, v in node.base.extras.all.items() if not k.startswith('_aiida_')}
        nodes[str(node.uuid)] = {
            'nodeType': node.node_type,
            'processType': node.process_type,
            'label': node.label,
            'description': node.description,
            'ctime': _time(node.ctime),
            'mtime': _time(node.mtime),
            'attributes': json.dumps(node.base.attributes.all),
            'extras': json.dumps(extras),
            'files': files,
            'folders': folders,
            'computer': str(node.computer.uuid) if node.computer else None,
            'user': email,
            'hash': _hash(node),
        }
    return nodes


def _links():
    query = QueryBuilder()
    query.append(orm.Node, tag='source', project=['uuid'])
    query.append(orm.Node, with_incoming='source', project=['uuid'], edge_project=['type', 'label'])
    return sorted(f'{source} {kind} {label} {target}' for source, target, kind, label in query.all())


def dump():
    """Return the content of the loaded profile."""
    return {
        'users': {u.email: [u.first_name, u.last_name, u.institution] for u in orm.User.collection.all()},
        'computers': {
            str(c.uuid): {
                'label': c.label,
                'hostname': c.hostname,
                'description': c.description,
                'schedulerType': c.scheduler_type,
                'transportType': c.transport_type,
                'metadata': json.dumps(c.metadata),
            }
            for c in orm.Computer.collection.all()
        },
        'nodes': _nodes(),
        'links': _links(),
        'groups': {
            str(g.uuid): {
                'label': g.label,
                'typeString': g.type_string,
                'description': g.description,
                'time': _time(g.time),
                'extras': json.dumps(g.base.extras.all),
                'user': g.user.email,
                'nodes': sorted(str(n.uuid) for n in g.nodes),
            }
            for g in orm.Group.collection.all()
        },
        'logs': {
            str(line.uuid): {
                'node': str(orm.load_node(line.dbnode_id).uuid),
                'time': _time(line.time),
                'logger': line.loggername,
                'level': line.levelname,
                'message': line.message,
                'metadata': json.dumps(line.metadata),
            }
            for line in orm.Log.collection.all()
        },
        'comments': {
            str(c.uuid): {
                'node': str(c.node.uuid),
                'ctime': _time(c.ctime),
                'mtime': _time(c.mtime),
                'user': c.user.email,
                'content': c.content,
            }
            for c in orm.Comment.collection.all()
        },
    }


def write_dump(path):
    with open(path, 'w', encoding='utf8') as handle:
        json.dump(dump(), handle)
