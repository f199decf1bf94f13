import fc from 'fast-check';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { displayStates } from '#shared/process/states.ts';
import { type Random, seededRandom } from '#shared/base/random.ts';
import { GraphBuilder } from './builder.ts';

export interface ProvenanceShape {
  readonly workflows: number;
  /** Calls of each workflow, on average; a call is a calculation or, less often, another workflow. */
  readonly calls: number;
  readonly seed: number;
  /** Instead of a number of workflows: as many as it takes to have so many nodes. */
  readonly nodes?: number;
}

/**
 * Provenance as an engine would leave it: workflows run one after the other, take data that is there, hand some of it
 * on, and return some of what was made inside. Link rules hold; data has one creator and no cycle.
 */
export function provenance({ workflows, calls, seed, nodes }: ProvenanceShape): GraphPart {
  const random = seededRandom(seed);
  const b = new GraphBuilder();
  const codes = [b.code('pw@cluster'), b.code('cp2k@cluster')];
  const data = Array.from({ length: 4 }, (_, i) => b.data('StructureData', `Si${i + 1}`));
  const run = (depth: number, inputs: readonly number[]): number[] => {
    const workflow = b.workchain(
      pick(random, ['RelaxWorkChain', 'BandsWorkChain', 'BaseWorkChain']),
      anyState(random),
    );
    inputs.forEach((input, i) => b.input(input, workflow, `input_${i}`));
    const known = [...inputs];
    const made: number[] = [];
    const count = Math.max(1, Math.round(calls * (0.5 + random.next())));
    for (let i = 0; i < count; i++) {
      const takes = some(random, known, 3);
      if (depth < 3 && random.next() < 0.25) {
        const returned = run(depth + 1, takes);
        b.call(workflow, lastWorkflow, `call_${i}`);
        known.push(...returned);
        made.push(...returned);
        continue;
      }
      const job = b.job(pick(random, ['PwCalculation', 'PhCalculation']), anyState(random));
      b.call(workflow, job, `iteration_${i}`);
      takes.forEach((input, k) => b.input(input, job, `input_${k}`));
      b.input(pick(random, codes), job, 'code');
      b.input(b.data('Dict', '7 keys'), job, 'parameters');
      for (let k = 0; k < 1 + Math.floor(random.next() * 3); k++) {
        const output = b.output(job, `output_${k}`, pick(random, ['Dict', 'FolderData', 'StructureData']));
        made.push(output);
        if (random.next() < 0.5) known.push(output);
      }
    }
    const returned = some(random, made, 3);
    returned.forEach((output, i) => b.returns(workflow, output, `output_${i}`));
    // A workflow may return what it was given.
    if (random.next() < 0.1 && inputs[0] !== undefined) b.returns(workflow, inputs[0], 'unchanged');
    lastWorkflow = workflow;
    return returned;
  };
  let lastWorkflow = -1;
  const enough = (done: number): boolean => (nodes === undefined ? done >= workflows : b.size >= nodes);
  // The latest data is what the next workflow takes, as it is in a project that goes on.
  for (let done = 0; !enough(done); done++) data.push(...run(0, some(random, data.slice(-6), 3)));
  return b.part(Math.max(0, lastWorkflow));
}

export const anyProvenance: fc.Arbitrary<GraphPart> = fc
  .record({
    workflows: fc.integer({ min: 0, max: 4 }),
    calls: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
  })
  .map((shape) => told(provenance(shape), JSON.stringify(shape)));

/** The graph, which a failing test prints as the words from which it can be made again. */
const told = (part: GraphPart, words: string): GraphPart =>
  Object.defineProperty(part, fc.toStringMethod, { value: () => words, enumerable: false });

/** Columns with no rule but that links join nodes: what a corrupt file could hold. */
export const anyGraph: fc.Arbitrary<GraphPart> = fc
  .record({
    types: fc.array(
      fc.constantFrom(
        'data.core.int.Int.',
        'data.core.code.installed.InstalledCode.',
        'process.calculation.calcjob.CalcJobNode.',
        'process.workflow.workchain.WorkChainNode.',
        '',
      ),
      { minLength: 1, maxLength: 24 },
    ),
    links: fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(),
        fc.constantFrom('input_calc', 'input_work', 'create', 'return', 'call_calc', 'call_work'),
      ),
      { maxLength: 60 },
    ),
    root: fc.nat(),
  })
  .map(({ types, links, root }) => {
    const b = new GraphBuilder();
    types.forEach((type, i) =>
      b.node(type, `n${i % 3}`, { hiddenIncoming: i % 4 === 0 ? 2 : 0, hiddenOutgoing: i % 5 === 0 ? 3 : 0 }),
    );
    links.forEach(([from, to, type], i) => b.link(from % types.length, to % types.length, type, `l${i}`));
    return b.part(root % types.length);
  });

const anyState = (random: Random) => (random.next() < 0.8 ? 'finished' : pick(random, displayStates));

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random.next() * from.length)] as T;
}

function some<T>(random: Random, from: readonly T[], atMost: number): T[] {
  const rest = [...from];
  const out: T[] = [];
  for (let i = 0; i < atMost && rest.length > 0; i++) {
    if (random.next() < 0.7) out.push(...rest.splice(Math.floor(random.next() * rest.length), 1));
  }
  return out;
}
