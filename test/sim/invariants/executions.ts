import type { Uuid } from '#shared/provenance/ids.ts';
import type { TrueExecution, TrueSubmission, Truth } from '../cluster/virtual-cluster.ts';
import type { World } from '../world/world.ts';
import type { Attempts } from './attempts.ts';

/** P1: no attempt executes twice, and no process is executed by two attempts. A requeue of one job is one execution. */
export class Executions {
  readonly #world: World;
  readonly #attempts: Attempts;
  readonly #ended = new Set<Uuid>();

  constructor(world: World, attempts: Attempts) {
    this.#world = world;
    this.#attempts = attempts;
  }

  /** The end of a process that nobody killed was committed. */
  noteEnd(process: Uuid): void {
    this.#ended.add(process);
  }

  forget(process: Uuid): void {
    this.#ended.delete(process);
  }

  /** Cheap: looks only at what is new. */
  look(): void {
    for (const { truth } of this.#world.clusters) {
      const { executions, submissions } = truth.takeNew();
      for (const execution of executions) this.#look(execution);
      for (const submission of submissions) this.#submitted(submission, truth);
    }
  }

  #look(execution: TrueExecution): void {
    const { chronicle } = this.#world;
    const { token, jobId, fenced, restart } = execution;
    chronicle.count(restart > 0 ? 'executions after a requeue' : 'executions');
    const known = this.#attempts.byToken.get(token);
    if (this.#attempts.wasJudged(token)) {
      chronicle.broken('P1', `Job ${jobId} begins as ${token}, whose process ended and was judged long ago.`);
      return;
    }
    if (known === undefined) {
      chronicle.broken('P1', `Job ${jobId} runs as ${token}, which no process has written down.`);
      return;
    }
    if (!fenced)
      chronicle.broken('P1', `Job ${jobId} of attempt ${token} runs although it does not hold the fence.`);
    const all = this.#attempts
      .of(known.process)
      .flatMap((attempt) => this.#world.clusters.flatMap(({ truth }) => truth.executionsOf(attempt.token)));
    const jobs = new Set(all.map((one) => `${one.token}/${one.jobId}`));
    if (jobs.size > 1) {
      chronicle.broken(
        'P1',
        `Process ${known.process} was executed by several jobs: ${[...jobs].join(', ')}.`,
      );
    }
    if (this.#ended.has(known.process)) {
      chronicle.broken('P3', `Job ${jobId} begins after its process ${known.process} had ended.`);
    }
  }

  #submitted({ token, jobId }: TrueSubmission, truth: Truth): void {
    this.#world.chronicle.count('submissions');
    if (this.#attempts.wasJudged(token)) {
      const words = `Attempt ${token} was submitted again as job ${jobId}, long after its process had ended.`;
      this.#world.chronicle.broken('P1', words);
    }
    const all = truth.submissionsOf(token);
    if (all.length < 2) return;
    const ids = all.map((one) => one.jobId).join(', ');
    this.#world.chronicle.broken('P1', `Attempt ${token} was submitted again as job ${jobId}: ${ids}.`);
  }
}
