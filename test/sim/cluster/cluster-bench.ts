import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { seededRandom } from '#shared/base/random.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { SubmitOutcome } from '#main/engine/ports.ts';
import { guard } from '#main/computers/job-script/sentinels.ts';
import { schedulers } from '#main/computers/schedulers/schedulers.ts';
import type { Question, Scheduler } from '#main/computers/schedulers/scheduler.ts';
import { SchedulerSession } from '#main/computers/schedulers/session.ts';
import { submitAttempt } from '#main/computers/submission/submit-attempt.ts';
import type { ExecAnswer, Transport } from '#main/computers/transport.ts';
import { VirtualTime } from '../time/virtual-time.ts';
import { noFaults, usualSite, VirtualCluster, type Faults, type SiteRules } from './virtual-cluster.ts';

export const minute = 60_000;
export const never = new AbortController().signal;

export interface Trial {
  readonly token: string;
  readonly directory: string;
}

/** One virtual cluster and the real code that asks it, without an engine. */
export class ClusterBench {
  readonly time = new VirtualTime();
  readonly cluster: VirtualCluster;
  readonly scheduler: Scheduler;
  #transport: Transport | null = null;
  #trials = 0;

  constructor(site: Partial<SiteRules> = {}, faults: Partial<Faults> = {}, seed = 1) {
    const rules = { ...usualSite, ...site };
    this.cluster = new VirtualCluster({
      clock: this.time,
      random: seededRandom(seed),
      name: 'far.example.org',
      site: rules,
      faults: { ...noFaults, ...faults },
    });
    this.scheduler = schedulers[rules.scheduler];
  }

  /** Lets time pass until something has happened; an hour must be enough. */
  async until<T>(wanted: Promise<T>): Promise<T> {
    const over = new AbortController();
    const settled = (): void => over.abort();
    wanted.then(settled, settled);
    await this.time.run(
      this.time.now() + 60 * minute,
      () => {},
      () => over.signal.aborted,
    );
    if (!over.signal.aborted) throw new Error('It did not happen within an hour.');
    const [defect] = this.cluster.defects;
    if (defect !== undefined) throw defect;
    return await wanted;
  }

  async pass(ms: number): Promise<void> {
    await this.time.run(
      this.time.now() + ms,
      () => {},
      () => false,
    );
  }

  /** A connection that lives. */
  async transport(): Promise<Transport> {
    if (this.#transport === null) {
      const transport = await this.until(this.cluster.open(never));
      this.#transport = transport;
      void transport.closed.then(() => {
        if (this.#transport === transport) this.#transport = null;
      });
    }
    return this.#transport;
  }

  async ask(what: string, { script, input }: Question): Promise<ExecAnswer> {
    const transport = await this.transport();
    return await this.until(
      transport.exec({ what, script, ...(input === undefined ? {} : { input }), signal: never }),
    );
  }

  /** The directory of a new attempt, with its job script. @param options lines such as `#SBATCH --time=…` */
  async prepare(options: readonly string[] = ['#SBATCH --no-requeue']): Promise<Trial> {
    const number = String(this.#trials++).padStart(4, '0');
    const trial = { token: `tabcdefghijk${number}`, directory: `/scratch/work ${number}/a1` };
    const lines = [
      '#!/bin/bash',
      ...options,
      ...guard(this.scheduler.identify),
      "'/opt/program' > 'out.txt'",
      '',
    ];
    const bytes = Buffer.from(lines.join('\n'));
    const hash = createHash('sha256').update(bytes).digest('hex') as string as ObjectHash;
    const transport = await this.transport();
    await this.until(
      transport.upload({
        directory: trial.directory,
        files: [{ path: '_job.sh', hash, size: bytes.length, executable: false }],
        open: () => Readable.from([bytes]),
        keepIf: ['.submit', '.run'],
        signal: never,
      }),
    );
    return trial;
  }

  /** What becomes of a submission, or the error that it ends with. @param emptyForMs since when no look found it */
  async submit({ token, directory }: Trial, emptyForMs = Infinity): Promise<SubmitOutcome> {
    const transport = await this.transport();
    const submission = submitAttempt({
      scheduler: this.scheduler,
      session: new SchedulerSession((request) => transport.exec(request)),
      directory,
      token,
      script: '_job.sh',
      signal: never,
      emptyForMs: () => emptyForMs,
      lookUpMs: 90_000,
      untried: false,
      since: { agoSeconds: 0 },
    });
    return await this.until(submission);
  }

  /** A job that was accepted. */
  async accepted(options?: readonly string[]): Promise<Trial & { readonly jobId: string }> {
    const trial = await this.prepare(options);
    const outcome = await this.submit(trial);
    if (outcome.kind !== 'accepted') throw new Error(`${outcome.kind}: ${outcome.message}`);
    return { ...trial, jobId: outcome.jobId };
  }
}
