import { describe, expect, onTestFinished, test } from 'vitest';
import { openSecondWriter } from '#main/provenance/database.ts';
import { newUuid, type NodeId } from '#shared/provenance/ids.ts';
import type { linkTypes } from '#shared/provenance/links.ts';
import { build, temporaryStore } from '../../support/profile-database.ts';

describe('the database refuses in words', () => {
  const refusal = (work: () => unknown): unknown => {
    try {
      work();
    } catch (error) {
      return [
        (error as { code: string }).code,
        (error as Error).message,
        (error as { subject?: string }).subject,
      ];
    }
    return 'not refused';
  };

  test('a link that the rules of the graph forbid', () => {
    const store = temporaryStore();
    const { a, b, calc, other, work } = build(store, (graph) => ({
      a: graph.data(),
      b: graph.data(),
      calc: graph.calculation(),
      other: graph.calculation(),
      work: graph.workflow(),
    }));
    const linked = (
      source: NodeId,
      target: NodeId,
      type: (typeof linkTypes)[number],
      label: string,
    ): unknown => refusal(() => build(store, (graph) => graph.link(source, target, type, label)));

    expect(linked(a, calc, 'input_work', 'x')).toEqual([
      'link-refused',
      'The database refused: a link of this type does not join nodes of these types.',
      `input_work link “x” from node ${a} to node ${calc}`,
    ]);
    expect(linked(a, a, 'input_calc', 'x')).toMatchObject([
      'link-refused',
      expect.anything(),
      expect.anything(),
    ]);
    expect(linked(a, 999 as NodeId, 'input_calc', 'x')).toMatchObject([
      'link-refused',
      expect.stringContaining('not there'),
      expect.anything(),
    ]);
    expect(linked(a, calc, 'input_calc', '1x')).toMatchObject([
      'link-refused',
      expect.stringContaining('label'),
      expect.anything(),
    ]);
    build(store, (graph) => {
      graph.link(a, calc, 'input_calc', 'x');
      graph.link(calc, b, 'create', 'result');
      graph.link(work, calc, 'call_calc', 'CALL');
    });
    expect(linked(b, calc, 'input_calc', 'x')).toMatchObject([
      'link-refused',
      expect.stringContaining('has an input with this label'),
      expect.anything(),
    ]);
    expect(linked(other, b, 'create', 'out')).toMatchObject([
      'link-refused',
      expect.stringContaining('has a creator'),
      expect.anything(),
    ]);
    expect(linked(calc, a, 'create', 'result')).toMatchObject([
      'link-refused',
      expect.stringContaining('output with this label'),
      expect.anything(),
    ]);
    expect(linked(work, calc, 'call_calc', 'AGAIN')).toMatchObject([
      'link-refused',
      expect.stringContaining('has a caller'),
      expect.anything(),
    ]);
    expect(linked(b, calc, 'input_calc', 'y')).toMatchObject([
      'link-refused',
      expect.stringContaining('own ancestor'),
      expect.anything(),
    ]);
  });

  test('a workflow that calls its own caller, however far up', () => {
    const store = temporaryStore();
    const chain = build(store, (graph) => {
      const [a, b, c] = [graph.workflow(), graph.workflow(), graph.workflow()];
      graph.link(a, b, 'call_work', 'CALL');
      graph.link(b, c, 'call_work', 'CALL');
      return [a, c] as const;
    });
    expect(
      refusal(() => build(store, (graph) => graph.link(chain[1], chain[0], 'call_work', 'BACK'))),
    ).toMatchObject([
      'link-refused',
      'The database refused: the call would make a workflow its own caller.',
      expect.anything(),
    ]);
  });

  test('a workflow may return its own input', () => {
    const store = temporaryStore();
    build(store, (graph) => {
      const [data, work] = [graph.data(), graph.workflow()];
      graph.link(data, work, 'input_work', 'x');
      graph.link(work, data, 'return', 'same');
    });
  });

  test('anything new at a process that has ended, but not a new caller of it', () => {
    const store = temporaryStore();
    const { data, calc } = build(store, (graph) => {
      const made = { data: graph.data(), calc: graph.calculation() };
      graph.end(made.calc);
      return made;
    });
    for (const [source, target, type] of [
      [data, calc, 'input_calc'],
      [calc, data, 'create'],
    ] as const) {
      expect(refusal(() => build(store, (graph) => graph.link(source, target, type, 'x')))).toMatchObject([
        'node-sealed',
        'The database refused: the process that owns this link is sealed.',
        expect.anything(),
      ]);
    }
    build(store, (graph) => graph.link(graph.workflow(), calc, 'call_calc', 'CALL'));
  });

  test('sealing without saying so in the attributes, data that is open, attributes that are no JSON', () => {
    const store = temporaryStore();
    const calc = build(store, (graph) => graph.calculation());
    const raw = openSecondWriter(store.file);
    onTestFinished(() => void raw.close());
    expect(() => raw.exec(`UPDATE nodes SET sealed = 1 WHERE id = ${calc}`)).toThrow(/sealing_says_so/);
    expect(() => raw.exec(`UPDATE nodes SET attributes = '{' WHERE id = ${calc}`)).toThrow(
      /json_valid|malformed JSON/,
    );
    expect(() =>
      raw.exec(
        `INSERT INTO nodes (uuid, node_type, ctime, mtime, user_id, sealed) VALUES ('${newUuid()}', 'data.core.int.Int.', 1, 1, 1, 0)`,
      ),
    ).toThrow(/sealing_says_so/);
  });

  test('deleting a process that the engine still runs', () => {
    const store = temporaryStore();
    const calc = build(store, (graph, tx) => {
      const id = graph.calculation();
      tx.putRun({ process: id, state: '{}' });
      return id;
    });
    const raw = openSecondWriter(store.file);
    onTestFinished(() => void raw.close());
    expect(() => raw.exec(`DELETE FROM nodes WHERE id = ${calc}`)).toThrow(/FOREIGN KEY/);
  });
});
