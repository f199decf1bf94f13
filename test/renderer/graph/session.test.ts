import { describe, expect, test } from 'vitest';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { GraphSession } from '#renderer/graph/session.ts';
import { layOut } from '#renderer/graph/layout/layout.ts';
import type { Scene } from '#renderer/graph/scene.ts';
import { around } from '../../support/graphs/around.ts';
import { uuidOf } from '../../support/graphs/builder.ts';
import { hub, multiplyAdd, restarts } from '../../support/graphs/examples.ts';

function sessionOver(graph: GraphPart): { readonly session: GraphSession; readonly asked: string[] } {
  const asked: string[] = [];
  const session = new GraphSession(
    ({ uuid, up, down, limit }) => {
      asked.push(`${graph.name[graph.uuid.indexOf(uuid)]} ${up} ${down}`);
      return Promise.resolve(around(graph, uuid, up, down, limit));
    },
    (columns) => Promise.resolve(layOut(columns)),
  );
  return { session, asked };
}

const titles = (scene: Scene | null): string[] => (scene?.faces ?? []).map((face) => face.title).sort();
const at = (session: GraphSession, title: string): number =>
  session.scene?.faces.findIndex((face) => face.title.startsWith(title)) ?? -1;
const rootOf = (graph: GraphPart): string => uuidOf(graph.root);

describe('a session', () => {
  test('opens on two steps around a node', async () => {
    const { session, asked } = sessionOver(multiplyAdd());
    await session.open(rootOf(multiplyAdd()));
    expect(asked).toEqual(['MultiplyAddWorkChain 4 4']);
    expect(titles(session.scene)).toContain('ArithmeticAddCalculation');
  });

  test('asks again only for more than it has', async () => {
    const graph = restarts();
    const { session, asked } = sessionOver(graph);
    const first = graph.uuid[graph.name.indexOf('PwCalculation')] ?? '';
    await session.open(first);
    const narrow = titles(session.scene).length;
    await session.setSteps(3);
    await session.setSteps(1);
    await session.setSteps(3);
    expect(asked).toEqual(['PwCalculation 4 4', 'PwCalculation 6 6']);
    expect(titles(session.scene).length).toBeGreaterThan(narrow);
  });

  test('closes a frame and opens it again, with nothing lost', async () => {
    const graph = multiplyAdd();
    const { session } = sessionOver(graph);
    await session.open(rootOf(graph));
    const before = titles(session.scene);
    await session.toggle(at(session, 'MultiplyAdd'));
    expect(titles(session.scene)).toEqual(['Int', 'Int', 'Int', 'Int', 'MultiplyAddWorkChain']);
    expect(session.isUnfolded).toBe(true);
    await session.toggle(at(session, 'MultiplyAdd'));
    expect(titles(session.scene)).toEqual(before);
  });

  test('opens a stack a part at a time, what failed first', async () => {
    const graph = hub(200);
    const { session } = sessionOver(graph);
    await session.open(rootOf(graph));
    await session.toggle(at(session, '120 × Pw'));
    const singles =
      session.scene?.faces.filter((face) => face.title === 'PwCalculation' && !face.stack) ?? [];
    // The creator of the structure, and 24 members.
    expect(singles).toHaveLength(25);
    expect(singles.filter((face) => face.state === 'failed')).toHaveLength(5);
    expect(titles(session.scene)).toContain('96 × PwCalculation');
    await session.refold();
    expect(titles(session.scene)).toContain('120 × PwCalculation');
  });

  test('draws what a count of hidden links stands for, and counts it no longer', async () => {
    const graph = restarts();
    const { session } = sessionOver(graph);
    await session.open(rootOf(graph));
    const run = session.scene?.faces.findIndex((face) => face.note.startsWith('iteration_02')) ?? -1;
    expect(session.scene?.view.stubIn[run]).toBe(1);
    const uuid = session.scene?.view.folded.graph.uuid[session.scene.view.node[run] ?? 0] ?? '';
    await session.openStub(run, 'in');
    const now = session.scene?.at.get(uuid) ?? -1;
    expect(session.scene?.view.stubIn[now]).toBe(0);
    // Everything that goes into this run is a node now: code, settings, structure, k-points, two pseudos, a folder.
    const into = [...(session.scene?.view.to ?? [])].filter(
      (to, line) => to === now && session.scene?.view.type[line] === 0,
    );
    expect(into).toHaveLength(7);
  });

  test('draws data that stood as a chip where it is wanted', async () => {
    const graph = multiplyAdd();
    const { session } = sessionOver(graph);
    await session.open(rootOf(graph));
    const add = at(session, 'ArithmeticAdd');
    await session.openData(session.scene?.faces[add]?.chips[0]?.data ?? [], 'x');
    expect(titles(session.scene)).toContain('add@localhost');
  });

  test('lets only the latest wish count', async () => {
    const graph = multiplyAdd();
    const { session } = sessionOver(graph);
    const first = session.open(rootOf(graph));
    const second = session.open(uuidOf(1));
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    await second;
    expect(session.root).toBe(uuidOf(1));
  });

  test('keeps the drawing when a later load fails, and says so', async () => {
    const graph = multiplyAdd();
    let broken = false;
    const session = new GraphSession(
      ({ uuid, up, down, limit }) =>
        broken ? Promise.reject(new Error('gone')) : Promise.resolve(around(graph, uuid, up, down, limit)),
      (columns) => Promise.resolve(layOut(columns)),
    );
    const busy: boolean[] = [];
    session.busy.on((now) => busy.push(now));
    await session.open(rootOf(graph));
    broken = true;
    await expect(session.open(uuidOf(1))).rejects.toThrow('gone');
    expect(session.scene).not.toBe(null);
    expect(session.root).toBe(rootOf(graph));
    expect(busy).toEqual([true, false, true, false]);
  });

  test('tells which node is to stay in place', async () => {
    const graph = multiplyAdd();
    const { session } = sessionOver(graph);
    const anchors: (string | null)[] = [];
    session.changed.on(({ anchor }) => anchors.push(anchor));
    await session.open(rootOf(graph));
    await session.toggle(at(session, 'MultiplyAdd'));
    const sum = session.scene?.faces.findIndex((face) => face.note === '10') ?? -1;
    const uuid = session.scene?.view.folded.graph.uuid[session.scene.view.node[sum] ?? 0] ?? '';
    await session.open(uuid);
    expect(anchors).toEqual([null, rootOf(graph), uuid]);
  });
});
