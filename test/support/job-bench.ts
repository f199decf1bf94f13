import { randomBytes } from 'node:crypto';
import { computerConfig, type ComputerConfigInput } from '#shared/contract/areas/computers.ts';
import { jobOptions, type JobOptionsInput } from '#shared/process/job-options.ts';
import { seededRandom } from '#shared/base/random.ts';
import { systemClock } from '#shared/base/system-clock.ts';
import { newUuid, type Uuid } from '#shared/provenance/ids.ts';
import type { Attempt, JobObservation, SubmitOutcome } from '#main/engine/ports.ts';
import { ComputerRuntime } from '#main/computers/computer-runtime.ts';
import { Jobs } from '#main/computers/job-host.ts';
import type { Patience } from '#main/computers/patience.ts';
import { buildJobScript } from '#main/computers/job-script/build-job-script.ts';
import { HostTrust } from '#main/computers/trust/host-trust.ts';
import { SecretBook } from '#main/computers/trust/secrets.ts';
import { FakeRepository } from '../main/computers/fake-repository.ts';

export interface BenchOptions {
  readonly config: Partial<ComputerConfigInput> & Pick<ComputerConfigInput, 'transport' | 'scheduler'>;
  /** Work directory. */
  readonly root: string;
  readonly knownHosts: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly patience?: Partial<Patience>;
}

/** One computer and jobs on it, without an engine: a repository in memory, everything else as in the product. */
export class JobBench {
  readonly repository = new FakeRepository();
  readonly trust: HostTrust;
  readonly secrets = new SecretBook(systemClock);
  readonly runtime: ComputerRuntime;
  readonly jobs: Jobs;
  readonly log: string[] = [];

  constructor({ config, root, knownHosts, environment, patience }: BenchOptions) {
    this.trust = new HostTrust(knownHosts, []);
    const whole = computerConfig.parse({
      label: 'bench',
      workDirectory: root,
      minimumPollInterval: 0.2,
      ...config,
    });
    this.runtime = new ComputerRuntime(newUuid(), whole, {
      clock: systemClock,
      random: seededRandom(7),
      trust: this.trust,
      secrets: this.secrets,
      environment: environment ?? process.env,
      patience: {
        notesMs: 10_000,
        accountingMs: 10_000,
        accountingDownMs: 10_000,
        lookUpMs: 10_000,
        ...patience,
      },
      log: (level, message, thrown) => this.log.push(`${level} ${message} ${String(thrown ?? '')}`),
      nameOf: () => 'test',
    });
    this.jobs = new Jobs({
      runtime: () => this.runtime,
      repository: this.repository.asRepository(),
      clock: systemClock,
    });
  }

  attempt(process: Uuid = newUuid(), number = 1): Attempt {
    const token = `t${randomBytes(8).toString('hex').slice(0, 15)}`;
    return { computer: this.runtime.uuid, process, number, token, since: systemClock.now() };
  }

  /** The whole job script for a few lines of sh. */
  script(body: string, options: JobOptionsInput = {}): string {
    return buildJobScript({
      computer: this.runtime.config,
      codes: new Map(),
      options: jobOptions.parse(options),
      calculation: {
        files: [],
        localCopies: [],
        remoteCopies: [],
        remoteSymlinks: [],
        runs: [],
        parallel: false,
        retrieve: [],
        prependText: body,
        appendText: '',
      },
    });
  }

  async upload(
    attempt: Attempt,
    body: string,
    options: JobOptionsInput = {},
    signal: AbortSignal = new AbortController().signal,
  ): Promise<string> {
    const text = this.script(body, options);
    const { hash, size } = await this.repository.putBytes(Buffer.from(text));
    const plan = {
      files: [{ path: '_aiidasubmit.sh', hash, size, executable: false }],
      remoteCopies: [],
      remoteSymlinks: [],
      script: '_aiidasubmit.sh',
    };
    return (await this.jobs.upload(attempt, plan, signal)).directory;
  }

  submit(
    attempt: Attempt,
    directory: string,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<SubmitOutcome> {
    return this.jobs.submit(attempt, directory, '_aiidasubmit.sh', signal);
  }

  /** Resolves with everything that was observed, once the job has ended or is lost. */
  end(attempt: Attempt, jobId: string, directory: string): Promise<readonly JobObservation[]> {
    const seen: JobObservation[] = [];
    return new Promise((resolve) => {
      const report = (observation: JobObservation): void => {
        seen.push(observation);
        if (observation.kind !== 'seen') resolve(seen);
      };
      this.jobs.watch(attempt, { jobId, directory }, report, new AbortController().signal);
    });
  }

  /** Upload, submit and watch. */
  async run(body: string, options: JobOptionsInput = {}) {
    const attempt = this.attempt();
    const directory = await this.upload(attempt, body, options);
    const outcome = await this.submit(attempt, directory);
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    const seen = await this.end(attempt, outcome.jobId, directory);
    return { attempt, directory, jobId: outcome.jobId, seen, last: seen.at(-1) };
  }

  close(): void {
    this.runtime.close();
  }
}
