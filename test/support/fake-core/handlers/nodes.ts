import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { FileEntry, nodesArea, SearchHit, searchArea } from '#shared/contract/areas/nodes.ts';
import { filterTest } from '../filter.ts';
import type { FakeNode, World } from '../world.ts';
import { endOf, nodeOf } from './processes.ts';

function filesOf(world: World, node: FakeNode): FileEntry[] {
  const folders = new Set<string>();
  for (const path of node.files.keys()) {
    const parts = path.split('/').slice(0, -1);
    for (let i = 1; i <= parts.length; i++) folders.add(parts.slice(0, i).join('/'));
  }
  const purge = world.purged.get(node.uuid);
  const purged =
    purge === undefined ? {} : { purged: { time: purge.time, restorable: purge.state === 'restorable' } };
  return [
    ...[...folders].map((path): FileEntry => ({ path, kind: 'directory', size: null, hash: '' })),
    ...[...node.files].map(([path, content]): FileEntry => ({
      path,
      kind: 'file',
      size: content.length,
      hash: content.length.toString(16).padStart(64, '0'),
      ...purged,
    })),
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

export function nodeHandlers(world: World): Handlers<typeof nodesArea & typeof searchArea> {
  const newest = (): FakeNode[] => [...world.nodes.values()].toReversed();
  return {
    'nodes.find': ({ filter, typePrefix, group, after, limit }) => {
      const test = filterTest(world, filter);
      const members = group === null ? null : world.groups.find(({ uuid }) => uuid === group)?.nodes;
      const fitting = newest().filter(
        (node) => node.nodeType.startsWith(typePrefix) && members?.has(node.uuid) !== false && test(node),
      );
      const start = after === null ? 0 : Number(after);
      const rows = fitting
        .slice(start, start + limit)
        .map((node) => ({ ...world.ref(node), label: node.label, mtime: node.mtime }));
      return {
        rows,
        next: start + limit < fitting.length ? String(start + limit) : null,
        total: fitting.length,
        exact: true,
      };
    },
    'nodes.types': () => {
      const counts = new Map<string, { nodeType: string; processType: string; count: number }>();
      for (const { nodeType, processType } of world.nodes.values()) {
        const key = `${nodeType} ${processType}`;
        const entry = counts.get(key) ?? { nodeType, processType, count: 0 };
        entry.count++;
        counts.set(key, entry);
      }
      return [...counts.values()];
    },
    'nodes.get': ({ uuid }) => {
      const node = nodeOf(world, uuid);
      const into = world.incoming.get(node.pk) ?? [];
      const out = world.outgoing.get(node.pk) ?? [];
      const computer = world.computers.find(({ config }) => config.label === node.process?.computer);
      return {
        ref: world.ref(node),
        label: node.label,
        description: node.description,
        processType: node.processType,
        user: 'ada@example.org',
        computer: node.process?.computer ?? '',
        computerUuid: computer?.uuid ?? world.codes.find((code) => code.uuid === uuid)?.computerUuid ?? '',
        mtime: node.mtime,
        attributes: JSON.stringify(node.attributes),
        extras: JSON.stringify(node.extras),
        files: filesOf(world, node),
        incoming: into.slice(0, 500).map((link) => endOf(world, link, link.from)),
        outgoing: out.slice(0, 500).map((link) => endOf(world, link, link.to)),
        moreIncoming: Math.max(0, into.length - 500),
        moreOutgoing: Math.max(0, out.length - 500),
        groups: world.groups
          .filter(({ nodes }) => nodes.has(node.uuid))
          .map(({ uuid: group, label }) => ({ uuid: group, label })),
        comments: node.comments,
      };
    },
    'nodes.resolve': ({ text }) => {
      if (/^\d+$/.test(text) && world.nodes.has(Number(text))) {
        return [nodeOf(world, world.nodes.get(Number(text))?.uuid ?? '')].map((node) => world.ref(node));
      }
      if (text.length < 4) return [];
      return newest()
        .filter(({ uuid }) => uuid.startsWith(text.toLowerCase()))
        .slice(0, 20)
        .map((node) => world.ref(node));
    },
    'nodes.readFile': ({ uuid, path, offset, length }) => {
      const content = nodeOf(world, uuid).files.get(path);
      if (content === undefined) {
        throw userError({ code: 'no-file', message: 'The node has no such file.', subject: path });
      }
      if (world.purged.has(uuid)) {
        throw userError({
          code: 'object-purged',
          message: `The content of “${path}” was purged.`,
          hint: 'Import an archive that holds it, or put the file back, to have it again.',
        });
      }
      return { size: content.length, bytes: content.slice(offset, offset + length) };
    },
    'nodes.setLabel': ({ uuid, label }) => {
      nodeOf(world, uuid).label = label;
      world.touch();
      return {};
    },
    'nodes.setDescription': ({ uuid, description }) => {
      nodeOf(world, uuid).description = description;
      world.touch();
      return {};
    },
    'nodes.setExtra': ({ uuid, key, value }) => {
      const { extras } = nodeOf(world, uuid);
      if (value === null) delete extras[key];
      else extras[key] = value;
      world.touch();
      return {};
    },
    'nodes.addComment': ({ uuid, content }) => {
      const comment = {
        uuid: world.uuid(),
        user: 'ada@example.org',
        ctime: Date.now(),
        mtime: Date.now(),
        content,
      };
      nodeOf(world, uuid).comments.push(comment);
      world.touch();
      return { uuid: comment.uuid };
    },
    'nodes.removeComment': ({ uuid }) => {
      for (const { comments } of world.nodes.values()) {
        const at = comments.findIndex((comment) => comment.uuid === uuid);
        if (at >= 0) comments.splice(at, 1);
      }
      world.touch();
      return {};
    },
    'search.words': ({ words, limit }): SearchHit[] => {
      const wanted = words.toLowerCase();
      const groups = world.groups
        .filter(({ label }) => label.toLowerCase().includes(wanted))
        .map(({ uuid, label, nodes }): SearchHit => ({ kind: 'group', uuid, label, count: nodes.size }));
      const computers = world.computers
        .filter(({ config }) => config.label.includes(wanted))
        .map(({ uuid, config, hostname }): SearchHit => ({
          kind: 'computer',
          uuid,
          label: config.label,
          hostname,
        }));
      const nodes: SearchHit[] = [];
      for (const node of newest()) {
        if (nodes.length >= limit) break;
        const text = `${world.nameOf(node)} ${node.className} ${node.description}`.toLowerCase();
        if (text.includes(wanted)) nodes.push({ kind: 'node', node: world.ref(node), matched: '' });
      }
      return [...nodes, ...groups, ...computers].slice(0, limit);
    },
  };
}
