import { describe, expect, test } from 'vitest';
import { newUuid, type ObjectHash } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { treeOf } from '#shared/provenance/repository-tree.ts';
import { exportRules } from '#shared/provenance/traversal-rules.ts';
import { build, temporaryStore } from '../../support/profile-database.ts';
import { multiplyAdd, readersOf, uuidOf } from './read-samples.ts';

describe('what an export takes along', () => {
  test('is the closure by AiiDA’s rules, with what hangs on it', async () => {
    const store = temporaryStore();
    const [a, b] = ['a', 'b'].map((digit) => digit.repeat(64) as ObjectHash) as [ObjectHash, ObjectHash];
    const ids = build(store, (graph, tx) => {
      const made = multiplyAdd(graph);
      graph.node(NodeType.folder, { label: 'unrelated', repository: treeOf([['f', a]]) });
      tx.setRepository(
        made.add,
        treeOf([
          ['one', b],
          ['two', b],
          ['three', a],
        ]),
      );
      tx.log({ process: made.add, time: 1, level: 'REPORT', logger: 'e', message: 'm' });
      return made;
    });
    const { profile } = readersOf(store);
    const all = Object.values(ids).toSorted((x, y) => x - y);
    const closure = await profile.exportClosure({
      what: { kind: 'nodes', uuids: [uuidOf(store, ids.sum)] },
      rules: exportRules,
    });
    expect([...closure.ids]).toEqual(all);
    expect(closure.links).toBe(12);
    expect(closure.byRule.reduce((sum, { nodes }) => sum + nodes, 0)).toBe(8);
    expect(closure.byRule[0]).toMatchObject({ rule: 'chosen', nodes: 1, examples: [{}] });
    expect(closure.unsealed.map(({ name }) => name).toSorted()).toEqual([
      'ArithmeticAddCalculation',
      'MultiplyAddWorkChain',
      'multiply',
    ]);
    expect([closure.unsealedCount, closure.logs, closure.comments, closure.users, closure.computers]).toEqual(
      [3, 1, 0, 1, 0],
    );
    expect(Buffer.from(closure.objects).toString('hex')).toBe(a + b);

    const bare = await profile.exportClosure({
      what: { kind: 'nodes', uuids: [uuidOf(store, ids.product)] },
      rules: { ...exportRules, create_backward: false },
    });
    expect([...bare.ids]).toEqual([ids.product]);
    const everything = await profile.exportClosure({ what: { kind: 'all' }, rules: exportRules });
    expect(everything.ids.length).toBe(9);
    expect(everything.byRule).toMatchObject([{ rule: 'chosen', nodes: 9 }]);
    expect(everything.byRule[0]?.examples).toHaveLength(5);
  });

  test('is refused for what is not there', async () => {
    const { profile } = readersOf(temporaryStore());
    const uuid = newUuid();
    await expect(
      profile.exportClosure({ what: { kind: 'nodes', uuids: [uuid] }, rules: exportRules }),
    ).rejects.toMatchObject({
      code: 'node-missing',
      subject: uuid,
    });
    await expect(
      profile.exportClosure({ what: { kind: 'group', uuid }, rules: exportRules }),
    ).rejects.toMatchObject({
      code: 'group-missing',
    });
  });
});
