import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSecondWriter } from '#main/provenance/database.ts';
import { newUuid, type NodeId } from '#shared/provenance/ids.ts';
import { linkTypes } from '#shared/provenance/links.ts';
import { nodeKinds } from '#shared/provenance/node-types.ts';
import { displayStates } from '#shared/process/states.ts';
import { build, temporaryStore } from '../../support/profile-database.ts';
import { around, drawn, multiplyAdd, readersOf, uuidOf } from './read-samples.ts';

describe('the graph around a node', () => {
  test('has its ancestors and descendants with their distances, all links between them, and what is beyond', async () => {
    const store = temporaryStore();
    const ids = build(store, multiplyAdd);
    const readers = readersOf(store);
    const part = await readers.profile.graphAround({
      ...around,
      uuid: uuidOf(store, ids.product),
      up: 1,
      down: 1,
    });
    if (part === null) throw new Error('not found');
    expect(drawn(part)).toEqual({
      nodes: [`${ids.product}:0`, `${ids.multiply}:-1`, `${ids.add}:1`].toSorted(),
      links: [`${ids.multiply}-result->${ids.product}`, `${ids.product}-x->${ids.add}`].toSorted(),
    });
    const at = (id: number): number => part.pk.indexOf(id);
    expect(part.root).toBe(at(ids.product));
    expect([part.hiddenIncoming[at(ids.multiply)], part.hiddenOutgoing[at(ids.add)]]).toEqual([3, 1]);
    expect([part.hiddenCallers[at(ids.multiply)], part.hiddenCalls[at(ids.add)]]).toEqual([1, 0]);
    expect([...part.linkInferred]).toEqual([0, 0]);
    expect([part.ancestors, part.descendants, part.truncated]).toEqual([5, 2, false]);
    expect(nodeKinds[part.kind[at(ids.multiply)] ?? -1]).toBe('calculation');
    expect(displayStates[part.state[at(ids.multiply)] ?? -1]).toBe('finished');
    expect(part.state[part.root]).toBe(255);
    expect([part.name[part.root], part.summary[part.root]]).toEqual(['product', '1']);
    expect(linkTypes[part.linkType[part.linkLabel.indexOf('result')] ?? -1]).toBe('create');
  });

  test('follows only the types that were asked for', async () => {
    const store = temporaryStore();
    const ids = build(store, multiplyAdd);
    const part = await readersOf(store).profile.graphAround({
      ...around,
      uuid: uuidOf(store, ids.sum),
      linkTypes: ['input_calc', 'create'],
    });
    expect(part === null ? null : [...part.pk].toSorted((a, b) => a - b)).toEqual(
      [ids.x, ids.y, ids.z, ids.multiply, ids.product, ids.add, ids.sum].toSorted((a, b) => a - b),
    );
  });

  test('stops at its limit, nearest first, and says so', async () => {
    const store = temporaryStore();
    const ids = build(store, multiplyAdd);
    const part = await readersOf(store).profile.graphAround({
      ...around,
      uuid: uuidOf(store, ids.product),
      limit: 4,
    });
    expect([part?.pk.length, part?.truncated, part?.ancestors]).toEqual([4, true, 5]);
    expect([...(part?.depth ?? [])].map(Math.abs)).toEqual([0, 1, 1, 2]);
  });

  test('is null for a node that is not there', async () => {
    const store = temporaryStore();
    expect(await readersOf(store).profile.graphAround({ ...around, uuid: newUuid() })).toBeNull();
  });

  test('follows what is written and what is deleted', async () => {
    const store = temporaryStore();
    const readers = readersOf(store);
    const [data, calc] = build(store, (graph) => {
      const made = [graph.data(), graph.calculation()] as const;
      graph.link(made[0], made[1], 'input_calc', 'x');
      return made;
    });
    const uuid = uuidOf(store, data);
    const size = async (): Promise<number | undefined> =>
      (await readers.profile.graphAround({ ...around, uuid }))?.pk.length;
    expect(await size()).toBe(2);
    const out = build(store, (graph) => {
      const made = graph.data();
      graph.link(calc, made, 'create', 'result');
      return made;
    });
    expect(await size()).toBe(3);
    const db = openSecondWriter(store.file);
    db.exec(`BEGIN; DELETE FROM nodes WHERE id IN (${calc}, ${out}); DELETE FROM links; COMMIT`);
    db.close();
    expect(await size()).toBe(1);
  });

  test('is what a walk over the rows of links finds, in any graph', async () => {
    const store = temporaryStore({ indexAfterMs: -1 });
    const readers = readersOf(store);
    const raw = openSecondWriter(store.file);
    onTestFinished(() => void raw.close());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(...linkTypes)), { maxLength: 25 }),
        fc.nat(),
        async (pairs, seed) => {
          const ids = build(store, (graph) => {
            const made = [
              ...Array.from({ length: 5 }, () => graph.data()),
              ...Array.from({ length: 3 }, () => graph.calculation()),
              ...Array.from({ length: 2 }, () => graph.workflow()),
            ];
            pairs.forEach(([a, b, type], i) => {
              try {
                graph.link(made[a % made.length] as NodeId, made[b % made.length] as NodeId, type, `l${i}`);
              } catch {
                // the rules of the graph refuse most of them
              }
            });
            return made;
          });
          const root = ids[seed % ids.length] as NodeId;
          const links = raw
            .prepare<[], { a: number; b: number; label: string }>(
              'SELECT source_id AS a, target_id AS b, label FROM links',
            )
            .all();
          const walk = (from: 'a' | 'b', to: 'a' | 'b'): Map<number, number> => {
            const depth = new Map<number, number>([[root, 0]]);
            for (const [node, steps] of depth) {
              for (const link of links) {
                if (link[from] === node && !depth.has(link[to])) depth.set(link[to], steps + 1);
              }
            }
            return depth;
          };
          const [up, down] = [walk('b', 'a'), walk('a', 'b')];
          const part = await readers.profile.graphAround({ ...around, uuid: uuidOf(store, root) });
          if (part === null) throw new Error('not found');
          expect([part.ancestors, part.descendants]).toEqual([up.size - 1, down.size - 1]);
          const expected = new Set([...up.keys(), ...down.keys()]);
          expect([...part.pk].toSorted((a, b) => a - b)).toEqual([...expected].toSorted((a, b) => a - b));
          part.pk.forEach((pk, i) => {
            const depth = part.depth[i] ?? 0;
            expect(depth <= 0 ? up.get(pk) : down.get(pk)).toBe(Math.abs(depth));
          });
          const inside = links.filter(({ a, b }) => expected.has(a) && expected.has(b));
          expect((drawn(part) as { links: string[] }).links).toEqual(
            inside.map(({ a, b, label }) => `${a}-${label}->${b}`).toSorted(),
          );
        },
      ),
      { numRuns: 25 },
    );
  });
});

test('two nodes joined twice keep both labels', async () => {
  const store = temporaryStore();
  const [data, work] = build(store, (graph) => {
    const made = [graph.data(), graph.workflow()] as const;
    graph.link(made[0], made[1], 'input_work', 'first');
    graph.link(made[0], made[1], 'input_work', 'second');
    graph.link(made[1], made[0], 'return', 'same');
    return made;
  });
  const part = await readersOf(store).profile.graphAround({ ...around, uuid: uuidOf(store, data) });
  expect(part === null ? null : drawn(part)).toEqual({
    nodes: [`${data}:0`, `${work}:-1`].toSorted(),
    links: [`${data}-first->${work}`, `${data}-second->${work}`, `${work}-same->${data}`].toSorted(),
  });
});
