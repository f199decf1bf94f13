import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { groupsArea } from '#shared/contract/areas/sharing.ts';
import { watchValue } from '../watch.ts';
import type { FakeGroup, World } from '../world.ts';

export function groupHandlers(world: World): Handlers<typeof groupsArea> {
  const group = (uuid: string): FakeGroup => {
    const found = world.groups.find((each) => each.uuid === uuid);
    if (found !== undefined) return found;
    throw userError({ code: 'group-missing', message: 'There is no such group any more.', subject: uuid });
  };
  const refuseTaken = (label: string, own: string | null): void => {
    if (!world.groups.some((each) => each.label === label && each.uuid !== own)) return;
    throw userError({
      code: 'label-taken',
      message: `There is a group “${label}” already.`,
      subject: label,
      hint: 'Choose another label.',
    });
  };
  const counted = (uuid: string, change: (nodes: Set<string>) => void): { changed: number } => {
    const { nodes } = group(uuid);
    const before = nodes.size;
    change(nodes);
    world.touch();
    return { changed: Math.abs(nodes.size - before) };
  };
  return {
    'groups.list': (_input, { signal }) =>
      watchValue(world, signal, () =>
        world.groups.map(({ nodes, ...rest }) => ({ ...rest, user: 'ada@example.org', count: nodes.size })),
      ),
    'groups.create': ({ label, description }) => {
      refuseTaken(label, null);
      const uuid = world.uuid();
      world.groups.push({ uuid, label, description, typeString: 'core', time: Date.now(), nodes: new Set() });
      world.touch();
      return { uuid };
    },
    'groups.update': ({ uuid, label, description }) => {
      refuseTaken(label, uuid);
      Object.assign(group(uuid), { label, description });
      world.touch();
      return {};
    },
    'groups.remove': ({ uuid }) => {
      world.groups.splice(world.groups.indexOf(group(uuid)), 1);
      world.touch();
      return {};
    },
    'groups.addNodes': ({ uuid, nodes }) =>
      counted(uuid, (members) => {
        for (const node of nodes) members.add(node);
      }),
    'groups.removeNodes': ({ uuid, nodes }) =>
      counted(uuid, (members) => {
        for (const node of nodes) members.delete(node);
      }),
  };
}
