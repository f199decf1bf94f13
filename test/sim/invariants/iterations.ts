import type { IterationRecord } from '#shared/process/iteration-record.ts';
import { restartExitCodes } from '#shared/process/exit-codes.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import type { JobParameters, RestartParameters } from '../plugins/program.ts';
import type { World } from '../world/world.ts';

interface Attributes {
  readonly process_state?: string;
  readonly exit_status?: number;
  readonly restart_iterations?: readonly IterationRecord[];
  readonly answers?: readonly {
    readonly label: string;
    readonly question: string;
    readonly choice: string;
  }[];
}

interface Iteration {
  readonly uuid: Uuid;
  readonly exitStatus: number | null;
  readonly parameters: JobParameters;
}

/**
 * At the end of a restart workflow: each of its iterations was one process, a handler acted once for each, whatever died
 * meanwhile, and it ran no more often than it might, nor less.
 */
export class Iterations {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  onEnd(id: NodeId, uuid: Uuid, attributes: Attributes): void {
    const launched = this.#world.asked.get(uuid);
    if (launched?.what !== 'restart') return;
    const say = (why: string): void =>
      this.#world.chronicle.broken('handlers', `Restart workflow ${uuid}: ${why}`);
    const runs = this.#runs(id);
    const records = attributes.restart_iterations ?? [];
    this.#world.chronicle.count('iterations', runs.length);
    this.#world.chronicle.count('restart workflows that ended');
    // one that is killed while a run ends has no word about that run
    const unsaid = runs.length - records.length;
    if (unsaid < 0 || unsaid > (attributes.process_state === 'killed' ? 1 : 0))
      say(`it ran ${runs.length} times, and has a record of ${records.length}.`);
    const limit = limitOf(launched.parameters, attributes.answers ?? []);
    if (runs.length > limit) say(`it ran ${runs.length} times, ${limit} are allowed.`);
    const { status: exceeded } = restartExitCodes.ERROR_MAXIMUM_ITERATIONS_EXCEEDED;
    if (attributes.exit_status === exceeded && runs.length !== limit)
      say(`it says that it reached its limit of ${limit}, and ran ${runs.length} times.`);
    this.#acts(launched.parameters.job, runs, records, say);
  }

  /** What each run got is what the handlers made of it before: each act once. */
  #acts(
    first: JobParameters,
    runs: readonly Iteration[],
    records: readonly IterationRecord[],
    say: (why: string) => void,
  ): void {
    let acted = 0;
    for (const [index, { uuid, exitStatus, parameters }] of runs.entries()) {
      const { name, toMend = 0, acts = 0 } = parameters;
      const wanted = (first.toMend ?? 0) - acted;
      if (
        acts !== acted ||
        (first.toMend !== undefined && toMend !== wanted) ||
        name !== first.name + '+'.repeat(acted)
      )
        say(`iteration ${index + 1} runs ${name}, mended ${acts} times, after ${acted} acts of its handler.`);
      const record = records[index];
      if (record === undefined) return;
      if (record.iteration !== index + 1 || record.process !== uuid || record.exit_status !== exitStatus)
        say(
          `iteration ${index + 1} was ${uuid} with ${exitStatus}; its record says ${JSON.stringify(record)}`,
        );
      if (record.handler === 'mend' && record.action !== 'give-up') acted++;
    }
  }

  #runs(id: NodeId): readonly Iteration[] {
    const { core } = this.#world;
    if (core === null) return [];
    return core.store.engine.read((reads) =>
      reads
        .outgoing(id)
        .filter(({ type }) => type === 'call_calc')
        .toSorted((a, b) => (a.label < b.label ? -1 : 1))
        .map(({ target, label }, index) => {
          const expected = `iteration_${String(index + 1).padStart(2, '0')}`;
          if (label !== expected)
            this.#world.chronicle.broken('handlers', `A run is called ${label} in place of ${expected}.`);
          const node = reads.node(target);
          const input = reads.incoming(target).find((link) => link.label === 'parameters');
          const given = input === undefined ? null : reads.node(input.source);
          const { exit_status: exitStatus = null } = JSON.parse(node?.attributes ?? '{}') as {
            readonly exit_status?: number;
          };
          const parameters = JSON.parse(given?.attributes ?? '{}') as JobParameters;
          return { uuid: node?.uuid as Uuid, exitStatus, parameters };
        }),
    );
  }
}

/** How often it may run, with what a person has allowed besides. */
function limitOf({ most }: RestartParameters, answers: NonNullable<Attributes['answers']>): number {
  let limit = most;
  for (const { label, question, choice } of answers) {
    const at = Number(/_(\d+)$/.exec(label)?.[1] ?? 0);
    if (label.startsWith('limit_') && choice === 'more') limit = at + most;
    // who is asked because no handler knows may go beyond the limit, too; the questions of handlers are another matter
    if (question.startsWith('No handler knows') && choice === 'again' && at >= limit) limit = at + most;
  }
  return limit;
}
