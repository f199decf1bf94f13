import type { JobState } from '#main/engine/state.ts';
import { coreExitCodes } from '#shared/process/exit-codes.ts';
import type { StopRule } from '#shared/process/rule-types.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { TrueExecution } from '../cluster/virtual-cluster.ts';
import type { WatchedRun } from '../world/programs.ts';
import type { World } from '../world/world.ts';

interface Stop {
  readonly since: number;
  readonly rule: StopRule;
}

/** Ends that no wish brings about, and that a scheduler names; after a failed node a job may wait again and be cancelled. */
const ofItself: ReadonlySet<TrueExecution['cause']> = new Set(['walltime', 'memory']);

/** Times of files are whole seconds. */
const rounding = 2000;
const minute = 60_000;

/**
 * A rule stops only the job that it watches, once, and only when it is fulfilled. Then the process ends with the rule's
 * exit status, after its job; unless the job had ended well, or of something that its scheduler names. Nothing else
 * cancels a job.
 */
export class Stops {
  readonly #world: World;
  readonly #stops = new Map<Uuid, Stop>();

  constructor(world: World) {
    this.#world = world;
  }

  /** @param text the JSON of a state of the engine that was committed */
  learn(text: string): void {
    if (!text.includes('"stopping":{')) return;
    const state = JSON.parse(text) as JobState;
    const { uuid, stopping } = state;
    if (stopping === undefined) return;
    const { since, rule } = stopping;
    const before = this.#stops.get(uuid);
    const { chronicle, kills, time } = this.#world;
    if (before !== undefined) {
      if (before.since !== since) chronicle.broken('rules', `Process ${uuid} is stopped by a rule twice.`);
      return;
    }
    this.#stops.set(uuid, { since, rule });
    kills.push(time.now());
    chronicle.count(`stopped by a rule: ${rule.kind}`);
    this.#mayStop(state, stopping);
  }

  /**
   * Whether the way in which a job process ended is that of a job that a rule has stopped; what is not so is said.
   * @param mayKnowWhy the scheduler could say why the job ended
   */
  explains(uuid: Uuid, status: number | null, last: TrueExecution | undefined, mayKnowWhy: boolean): boolean {
    const stop = this.#stops.get(uuid);
    const { chronicle } = this.#world;
    const byRule = status === coreExitCodes.stoppedByMonitor.status;
    if (stop === undefined) {
      if (byRule) chronicle.broken('rules', `Process ${uuid} says that a rule stopped it, and none did.`);
      if (last?.cause === 'cancelled')
        chronicle.broken('rules', `Job ${last.jobId} of ${uuid} was cancelled, which nobody wished.`);
      return byRule;
    }
    if (byRule) {
      if (last?.cause === 'exit' && last.exitStatus === 0)
        chronicle.broken('rules', `Process ${uuid} says that a rule stopped it, and its job had ended well.`);
      if (mayKnowWhy && last !== undefined && ofItself.has(last.cause))
        chronicle.broken('rules', `Process ${uuid} says that a rule stopped it, and it was ${last.cause}.`);
      return true;
    }
    // given up by a person
    if (status === coreExitCodes.noRetrievedFolder.status) return true;
    if (last?.cause === 'cancelled')
      chronicle.broken('rules', `Process ${uuid} was stopped by a rule, and ends with ${status}.`);
    return false;
  }

  /** What a rule found is in the file of that job. */
  #mayStop({ uuid, directory, rules }: JobState, { rule, line }: NonNullable<JobState['stopping']>): void {
    const say = (why: string): void => this.#world.chronicle.broken('rules', `Process ${uuid}: ${why}`);
    if (rules?.some((one) => JSON.stringify(one) === JSON.stringify(rule)) !== true)
      say('it is stopped by a rule that is none of its own.');
    const runs = this.#world.programs.watched.get(directory ?? '') ?? [];
    const now = this.#world.time.now();
    const fulfilled = runs.some((run) => this.#isFulfilled(rule, line, run, now));
    if (!fulfilled) say(`it is stopped by a ${rule.kind} rule that is not fulfilled (“${line}”).`);
    const last = runs.at(-1);
    if (last !== undefined && rule.kind === 'silent' && this.#waitsAgain(last))
      say('its job is back in the queue, where nothing can be written, and it is stopped for its silence.');
  }

  #isFulfilled(rule: StopRule, line: string, run: WatchedRun, now: number): boolean {
    const until = Math.min(now, this.#execution(run)?.ended ?? now);
    const written = run.lines.filter(({ atMs }) => run.began + atMs <= until);
    if (rule.kind === 'silent') {
      const lastMs = written.at(-1)?.atMs ?? 0;
      return now - (run.began + lastMs) >= rule.minutes * minute - rounding;
    }
    let inRow = 0;
    for (const { text } of written) {
      inRow = Number(text.split(' ')[1]) > rule.limit ? inRow + 1 : 0;
      if (inRow >= rule.times && text === line) return true;
    }
    return false;
  }

  /** The run was cut off longer ago than a list of the queue is believed, and the scheduler has put its job back. */
  #waitsAgain(run: WatchedRun): boolean {
    const execution = this.#execution(run);
    if (execution === undefined || execution.ended === null) return false;
    if (this.#world.time.now() - execution.ended < 10 * minute) return false;
    return this.#world.clusters.some((cluster) => cluster.isActive(execution.token));
  }

  #execution({ token, began }: WatchedRun): TrueExecution | undefined {
    return this.#world.clusters
      .flatMap(({ truth }) => truth.executionsOf(token))
      .find((execution) => execution.began === began);
  }
}
