import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeType } from '#shared/provenance/node-types.ts';
import { mayThrow, type Program } from './program.ts';
import { Shared, WorkflowWorld } from './workflow-world.ts';

let shared: Shared;
beforeAll(async () => {
  shared = await Shared.open(new URL('./program-workflow.ts', import.meta.url).href);
});
afterAll(() => shared.close());

interface Cuts {
  readonly cuts: ReadonlySet<number>;
  readonly offMs: number;
}
const never: Cuts = { cuts: new Set(), offMs: 0 };

async function runOf(program: Program, { cuts, offMs }: Cuts) {
  const world = new WorkflowWorld(shared);
  try {
    world.cuts = cuts;
    world.offMs = offMs;
    const uuid = await world.launch('test.program', {
      code: { uuid: world.code },
      value: { nodeType: NodeType.int, attributes: '{"value": 1}', label: '', files: [] },
      program: {
        nodeType: NodeType.list,
        attributes: JSON.stringify({ list: [JSON.stringify(program)] }),
        label: '',
        files: [],
      },
    });
    await world.ended(uuid);
    expect(world.errors).toEqual([]);
    expect([world.store.engine.runs(), world.store.engine.effects(), world.store.engine.inbox()]).toEqual([
      [],
      [],
      [],
    ]);
    // each job ran once
    expect([...world.cluster.runs.values()].filter((times) => times !== 1)).toEqual([]);
    return { summary: world.summary(uuid), counts: world.counts(), commits: world.commits };
  } finally {
    await world.close();
  }
}

/** A bit of everything. */
const reference: Program = {
  do: 'sequence',
  body: [
    { do: 'now' },
    { do: 'random' },
    {
      do: 'all',
      body: [
        { do: 'job', n: 3 },
        {
          do: 'sequence',
          body: [
            { do: 'sleep', ms: 50_000 },
            { do: 'file', text: 'abc' },
          ],
        },
        {
          do: 'sub',
          allowFailure: false,
          body: { do: 'sub', allowFailure: false, body: { do: 'job', n: 4 } },
        },
      ],
    },
    {
      do: 'race',
      body: [
        { do: 'job', n: 5 },
        { do: 'add', n: 6 },
        { do: 'sleep', ms: 20 },
      ],
    },
    {
      do: 'try',
      body: { do: 'fail' },
      rescue: { do: 'try', body: { do: 'refused' }, rescue: { do: 'add', n: 1 } },
    },
    {
      do: 'settled',
      body: [
        { do: 'fail' },
        {
          do: 'sequence',
          body: [
            { do: 'sleep', ms: 5 },
            { do: 'job', n: 1 },
          ],
        },
      ],
    },
    { do: 'while', grow: 3, body: { do: 'report', text: 'round' } },
    { do: 'sub', allowFailure: true, body: { do: 'sequence', body: [{ do: 'add', n: 1 }, { do: 'fail' }] } },
  ],
};

const oneStep: ReadonlySet<string> = new Set(['add', 'job', 'sleep']);

/** Programs of a few dozen steps. Which steps of a loser begin before the end is chance: each has one. */
const { program: programs } = fc.letrec<{ program: Program; leaf: Program }>((tie) => ({
  leaf: fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('add'), n: fc.integer({ min: 0, max: 5 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('job'), n: fc.integer({ min: 0, max: 5 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('sleep'), ms: fc.integer({ min: 0, max: 100_000 }) }),
    },
    fc.record({ do: fc.constant('file'), text: fc.stringMatching(/^[a-z]{1,5}$/) }),
    fc.record({ do: fc.constant('report'), text: fc.stringMatching(/^[a-z]{1,5}$/) }),
    fc.constantFrom<Program>({ do: 'now' }, { do: 'random' }, { do: 'fail' }, { do: 'refused' }),
  ) as fc.Arbitrary<Program>,
  program: fc.oneof(
    { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    fc.record({
      do: fc.constant('sequence'),
      body: fc.array(tie('program'), { minLength: 1, maxLength: 4 }),
    }),
    fc.array(tie('program'), { minLength: 1, maxLength: 3 }).map(together),
    fc.array(tie('leaf'), { minLength: 2, maxLength: 3 }).map((body) => ({
      do: 'race',
      body: [{ do: 'job', n: 1 }, ...body.filter((next) => oneStep.has(next.do))],
    })),
    fc.record({ do: fc.constant('while'), grow: fc.integer({ min: 1, max: 2 }), body: tie('leaf') }),
    fc.record({ do: fc.constant('try'), body: tie('program'), rescue: tie('leaf') }),
    fc.record({ do: fc.constant('sub'), body: tie('program'), allowFailure: fc.boolean() }),
  ) as fc.Arbitrary<Program>,
}));

function together(body: readonly Program[]): Program {
  return { do: body.some(mayThrow) ? 'settled' : 'all', body };
}

/** More of them by hand: `STEMMA_PROGRAMS=500`. */
const numRuns = Number(process.env['STEMMA_PROGRAMS'] ?? 40);

describe('a workflow whose engine dies', () => {
  it('after any commit leaves the same graph, the same reports and the same outcome', async () => {
    const whole = await runOf(reference, never);
    expect(whole.summary).toMatchObject({ state: ['finished', 0, null, null, true, null] });
    expect(whole.commits).toBeGreaterThan(50);
    const after = Array.from({ length: whole.commits + 5 }, (_, i) => i + 1);
    const one = async (k: number): Promise<void> => {
      const cut = await runOf(reference, { cuts: new Set([k]), offMs: k % 2 === 0 ? 100_000 : 0 });
      expect(cut.summary, `cut after commit ${k}`).toEqual(whole.summary);
      expect(cut.counts, `cut after commit ${k}`).toEqual(whole.counts);
    };
    const next = async (): Promise<void> => {
      for (let k = after.shift(); k !== undefined; k = after.shift()) await one(k);
    };
    await Promise.all(Array.from({ length: 8 }, next));
  });

  it('at random moments, whatever the program, leaves what an uninterrupted run leaves', async () => {
    const cuts = fc.record({
      /** As shares of the uninterrupted run. */
      at: fc.array(fc.double({ min: 0, max: 1.3, noNaN: true }), { minLength: 1, maxLength: 5 }),
      offMs: fc.constantFrom(0, 30_000, 200_000),
    });
    await fc.assert(
      fc.asyncProperty(programs, cuts, async (program, { at, offMs }) => {
        const whole = await runOf(program, never);
        const moments = new Set(at.map((share) => 1 + Math.floor(share * whole.commits)));
        const cut = await runOf(program, { cuts: moments, offMs });
        expect(cut.summary).toEqual(whole.summary);
        expect(cut.counts).toEqual(whole.counts);
      }),
      { numRuns },
    );
  });
});
