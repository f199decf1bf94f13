import { coreExitCodes } from '#shared/process/exit-codes.ts';
import { filesOf } from '#shared/provenance/repository-tree.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import type { TrueCause, TrueExecution } from '../cluster/virtual-cluster.ts';
import type { JobParameters } from '../plugins/program.ts';
import { hashOf } from '../world/objects.ts';
import type { World } from '../world/world.ts';
import type { Attempts } from './attempts.ts';
import { mayBeKilled } from './kills.ts';
import type { Stops } from './stops.ts';

/** Of the node of a job that has ended. */
export interface JobAttributes {
  readonly process_state?: string;
  readonly process_status?: string;
  readonly exit_status?: number;
  readonly exit_message?: string;
  readonly exception?: string;
  readonly remote_workdir?: string;
}

/** Exit status of a job that its scheduler or its site cut off, where that is known. */
const statusOf: Readonly<Partial<Record<TrueCause, number>>> = {
  walltime: coreExitCodes.outOfWalltime.status,
  memory: coreExitCodes.outOfMemory.status,
  'node-failure': coreExitCodes.nodeFailure.status,
  preempted: coreExitCodes.cancelledOutside.status,
  'cancelled-by-admin': coreExitCodes.cancelledOutside.status,
};
const allCutOff = new Set([...Object.values(statusOf), coreExitCodes.unspecified.status]);
const { status: givenUp } = coreExitCodes.noRetrievedFolder;
const minute = 60_000;

/** P2, P3 and P4, for each job process at the moment when its end is committed. */
export class Ends {
  readonly #world: World;
  readonly #attempts: Attempts;
  readonly #killed = new Map<Uuid, { readonly at: number; readonly forgotten: boolean }>();

  readonly #stops: Stops;
  readonly #onEnd: (id: NodeId, process: Uuid) => void;

  /** @param onEnd hears of every job that ended without having been killed or given up */
  constructor(world: World, attempts: Attempts, stops: Stops, onEnd: (id: NodeId, process: Uuid) => void) {
    this.#world = world;
    this.#attempts = attempts;
    this.#stops = stops;
    this.#onEnd = onEnd;
  }

  /** After everything has come to rest: nothing that a person killed may go on. */
  atRest(): void {
    const { chronicle } = this.#world;
    for (const [uuid, { at, forgotten }] of this.#killed) {
      if (forgotten) continue;
      for (const execution of this.#executionsOf(uuid)) {
        const ranOn =
          execution.ended === null || (execution.cause === 'exit' && execution.ended > at + 20 * minute);
        if (ranOn)
          chronicle.broken('P2', `Process ${uuid} was killed, and its job ${execution.jobId} ran on.`);
      }
    }
  }

  #executionsOf(uuid: Uuid): readonly TrueExecution[] {
    return this.#attempts
      .of(uuid)
      .flatMap(({ token }) => this.#world.clusters.flatMap(({ truth }) => truth.executionsOf(token)));
  }

  /** The end of a job process that ran, and is no copy. */
  onJob(id: NodeId, uuid: Uuid, attributes: JobAttributes): void {
    const { chronicle, time } = this.#world;
    const { process_state: state, exit_status: status = null } = attributes;
    const executions = this.#executionsOf(uuid);
    const last = executions.at(-1);
    if (state === 'killed') {
      if (!mayBeKilled(this.#world, id, uuid)) {
        chronicle.broken('P3', `Process ${uuid} was killed, which nobody wished.`);
      }
      const { process_status: by = '' } = attributes;
      const itself = chronicle.killedByPerson.has(uuid) && by === 'Killed by a person';
      if (!itself && by !== 'Killed by a person, with the workflow that called it')
        chronicle.broken('P2', `Process ${uuid} was killed, and does not say by whom (“${by}”).`);
      this.#killed.set(uuid, { at: time.now(), forgotten: this.#forgotten(id) });
      this.#world.kills.push(time.now());
      return;
    }
    const isGivenUp = status === givenUp;
    if (isGivenUp && !chronicle.givenUpByPerson.has(uuid)) {
      chronicle.broken(
        'P3',
        `Process ${uuid} was given up (${attributes.exit_message ?? ''}), which nobody wished.`,
      );
    }
    if (last !== undefined && last.ended === null && !isGivenUp) {
      chronicle.broken('P3', `Process ${uuid} ended as ${state} ${status} while its job ${last.jobId} runs.`);
      return;
    }
    if (!isGivenUp) this.#onEnd(id, uuid);
    const parameters = this.#parameters(id);
    if (state === 'excepted') {
      const meant = parameters.ends === 'parser-throws' || parameters.ends === 'prepare-throws';
      if (!meant) chronicle.broken('P3', `Process ${uuid} excepted: ${attributes.exception ?? ''}`);
      return;
    }
    this.#finished(id, uuid, attributes, last, parameters);
  }

  #finished(
    id: NodeId,
    uuid: Uuid,
    attributes: JobAttributes,
    last: TrueExecution | undefined,
    { ends, rerunnable }: JobParameters,
  ): void {
    const { chronicle } = this.#world;
    const { exit_status: status = -1, exit_message: words = '' } = attributes;
    const say = (why: string): void =>
      chronicle.broken('P3', `Process ${uuid} finished with ${status} (${words}): ${why}`);
    // a person gave it up
    if (status === givenUp) return;
    const directory = attributes.remote_workdir ?? '';
    const wiped = this.#world.clusters.some(({ truth }) => truth.wiped.has(directory));
    if (this.#stops.explains(uuid, status, last, !wiped && !this.#mayNotKnowWhy(uuid))) return;
    if (last === undefined || last.cause !== 'exit' || last.exitStatus === null) {
      const noted =
        !wiped && this.#mayNotKnowWhy(uuid) && last !== undefined && (status === 303 || status === 304);
      if (!noted && !this.#mayBeCutOff(uuid, status, last, rerunnable, wiped))
        say(`its job ${last === undefined ? 'never ran' : `was cut off (${last.cause})`}.`);
      return;
    }
    // of a job whose folder is gone the scheduler may know nothing but that it failed
    const expected = [...this.#expected(ends, last), ...(wiped ? [1] : [])];
    if (!expected.includes(status))
      say(`its job ${last.jobId} ended with ${last.exitStatus}, expected is ${expected.join(' or ')}.`);
    this.#retrieved(id, uuid, directory, last);
  }

  /** Handlers go by the exit status: what the scheduler knows of the cause must arrive. */
  #mayBeCutOff(
    uuid: Uuid,
    status: number,
    last: TrueExecution | undefined,
    rerunnable: boolean,
    wiped: boolean,
  ): boolean {
    const known = last === undefined || last.cause === null ? undefined : statusOf[last.cause];
    // cut off before its program began, or put back and cut off again before that: of this nobody keeps the truth
    const mayHaveReturned = rerunnable && last?.cause !== 'walltime' && last?.cause !== 'memory';
    if (known === undefined || mayHaveReturned) return allCutOff.has(status);
    if (status === known) return true;
    return status === coreExitCodes.unspecified.status && (wiped || this.#mayNotKnowWhy(uuid));
  }

  /** Where nobody remembers, or may say nothing, a job that noted its end has ended by itself as far as can be known. */
  #mayNotKnowWhy(uuid: Uuid): boolean {
    const computer = this.#attempts.of(uuid).at(-1)?.computer;
    const place = this.#world.scenario.places[this.#world.computers.findIndex((one) => one === computer)];
    return (
      place === undefined ||
      place.site.scheduler === 'core.direct' ||
      !place.site.accounting ||
      // of what accounting tells of it late it may be said too early
      place.site.accountingLagMs > 5 * minute ||
      this.#askedInVain(uuid) ||
      this.#isCovered(uuid) ||
      place.faults.emptyListing > 0
    );
  }

  /** Of several jobs with an id accounting shows the last one. */
  #isCovered(uuid: Uuid): boolean {
    return this.#executionsOf(uuid).some((execution) =>
      this.#world.clusters.some(({ truth }) => truth.isCovered(execution)),
    );
  }

  /** Accounting was first asked about it in vain so long ago that its note may stand for it. */
  #askedInVain(uuid: Uuid): boolean {
    const now = this.#world.time.now();
    return this.#executionsOf(uuid).some(({ jobId }) =>
      this.#world.clusters.some(({ truth }) => now - (truth.askedInVain.get(jobId) ?? now) > 55 * minute),
    );
  }

  #expected(ends: JobParameters['ends'], last: TrueExecution): readonly number[] {
    switch (ends) {
      case 'no-output':
        return [303];
      case 'exit-status':
        return last.exitStatus === 0 ? [304] : [303, 304];
      case 'well':
        return last.exitStatus === 0 ? [0] : [303, 304];
      case 'parser-throws':
      case 'prepare-throws':
        return [];
    }
  }

  /** P4: what is stored is what was there. */
  #retrieved(id: NodeId, uuid: Uuid, directory: string, last: TrueExecution): void {
    const { core, chronicle, programs, files } = this.#world;
    const written = programs.written.get(directory);
    if (core === null || written === undefined || last.exitStatus !== 0) return;
    const tree = core.store.engine.read((reads) => {
      const link = reads.outgoing(id).find(({ type, label }) => type === 'create' && label === 'retrieved');
      return link === undefined ? null : (reads.node(link.target)?.repository ?? null);
    });
    if (tree === null) {
      chronicle.broken('P4', `Process ${uuid} has no retrieved folder.`);
      return;
    }
    const stored = new Map(filesOf(tree));
    for (const [path, content] of written) {
      const hash = stored.get(path);
      if (hash !== hashOf(content)) {
        chronicle.broken(
          'P4',
          `${path} of job ${last.jobId} is stored ${hash === undefined ? 'not at all' : 'with another content'}.`,
        );
      } else if (!files.objects.has(hash)) {
        chronicle.broken('P4', `${path} of job ${last.jobId} is named, and its object is not there.`);
      }
    }
  }

  #parameters(id: NodeId): JobParameters {
    const { core } = this.#world;
    const attributes = core?.store.engine.read((reads) => {
      const link = reads.incoming(id).find(({ label }) => label === 'parameters');
      return link === undefined ? undefined : reads.node(link.source)?.attributes;
    });
    return JSON.parse(attributes ?? '{}') as JobParameters;
  }

  /** The process says itself that its job may still be there. */
  #forgotten(id: NodeId): boolean {
    return this.#world.saidOf(id).some((line) => line.includes('may still be there'));
  }
}
