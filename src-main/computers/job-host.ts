import type { Clock } from '#shared/base/clock.ts';
import { Lru } from '#shared/base/lru.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { Attempt, JobHost, SubmitOutcome, UploadPlan } from '../engine/ports.ts';
import type { Repository } from '../repository/types.ts';
import type { ComputerRuntime } from './computer-runtime.ts';
import { copyOnComputer } from './files/remote-copies.ts';
import { retrieveFiles } from './files/retrieve.ts';
import { sentinelFiles } from './job-script/sentinels.ts';
import type { LookBack } from './schedulers/scheduler.ts';
import { submitAttempt } from './submission/submit-attempt.ts';
import { cancelScript } from './submission/wrapper.ts';
import { attemptDirectory } from './work-directory.ts';

export interface JobHostDeps {
  /** @throws StemmaError `computer-missing`, `computer-not-configured` */
  readonly runtime: (computer: Uuid) => ComputerRuntime;
  readonly repository: Repository;
  readonly clock: Clock;
  /** Why so many bytes may not be retrieved now; null where there is room. Not asked where it is not given. */
  readonly noRoom?: (bytes: number) => Error | null;
}

type Job = Parameters<JobHost['cancel']>[1];

/** Jobs on all computers, for the engine. */
export class Jobs implements JobHost {
  readonly #deps: JobHostDeps;
  /** Attempts whose name was in no list, and since when (monotonic). What is forgotten here is waited for anew. */
  readonly #notFoundSince = new Lru<string, number>(10_000);

  /** Attempts of which it is certain, since we run, that no submission was begun. What is forgotten here is doubted. */
  readonly #untried = new Lru<string, true>(10_000);

  constructor(deps: JobHostDeps) {
    this.#deps = deps;
  }

  async upload(attempt: Attempt, plan: UploadPlan, signal: AbortSignal): ReturnType<JobHost['upload']> {
    const runtime = this.#deps.runtime(attempt.computer);
    const { directory } = await runtime.turns.take('transfer', 'upload', attempt.process, signal, () =>
      this.#upload(runtime, attempt, plan, signal),
    );
    this.#untried.set(attempt.token, true);
    return { directory, waits: runtime.places.claim(attempt.token) };
  }

  async place(attempt: Attempt, signal: AbortSignal): Promise<void> {
    await this.#deps.runtime(attempt.computer).places.wait(attempt.token, signal);
    this.#untried.set(attempt.token, true);
  }

  #upload(
    runtime: ComputerRuntime,
    attempt: Attempt,
    plan: UploadPlan,
    signal: AbortSignal,
  ): Promise<{ readonly directory: string }> {
    const { repository } = this.#deps;
    return runtime.use({ signal, mode: 'park' }, async (transport) => {
      const root = await runtime.workRoot(transport, signal);
      const directory = attemptDirectory(root, attempt.process, attempt.number);
      const { kept } = await transport.upload({
        directory,
        files: plan.files,
        open: ({ hash }, range) => repository.stream(hash, range),
        // a directory from which a job was submitted, or that was revoked, is never touched again
        keepIf: [sentinelFiles.submission, sentinelFiles.fence],
        signal,
      });
      if (!kept) {
        await copyOnComputer(transport, directory, plan.remoteCopies, plan.remoteSymlinks, signal);
      }
      return { directory };
    });
  }

  submit(attempt: Attempt, directory: string, script: string, signal: AbortSignal): Promise<SubmitOutcome> {
    const runtime = this.#deps.runtime(attempt.computer);
    const { places } = runtime;
    const { token } = attempt;
    return runtime.turns.take('submission', 'submit', attempt.process, signal, () =>
      runtime.use({ signal, mode: 'park' }, async (_, session) => {
        const full = places.begin(token);
        if (full !== null) return { kind: 'held', message: full };
        const untried = this.#untried.get(token) ?? false;
        this.#untried.delete(token);
        const outcome = await submitAttempt({
          scheduler: runtime.scheduler,
          session,
          directory,
          token,
          script,
          signal,
          emptyForMs: () => this.#emptyForMs(token),
          lookUpMs: runtime.patience.lookUpMs,
          untried,
          since: this.#since(attempt),
        }).catch((thrown: unknown) => {
          places.failed(token);
          throw thrown;
        });
        if (outcome.kind !== 'unconfirmed') this.#notFoundSince.delete(token);
        return this.#placed(runtime, token, outcome);
      }),
    );
  }

  /** What the outcome means for the place of the job. */
  #placed({ places }: ComputerRuntime, token: string, outcome: SubmitOutcome): SubmitOutcome {
    switch (outcome.kind) {
      case 'accepted':
      case 'unconfirmed':
      case 'vanished':
        places.keep(token);
        return outcome;
      case 'held':
        return { kind: 'held', message: places.refused(token, outcome.message) };
      case 'refused':
      case 'void':
        places.release(token);
        return outcome;
    }
  }

  watch(
    attempt: Attempt,
    job: Parameters<JobHost['watch']>[1],
    onObservation: Parameters<JobHost['watch']>[2],
    signal: AbortSignal,
  ): void {
    const runtime = this.#deps.runtime(attempt.computer);
    runtime.noteWatched(attempt.token, attempt.process, signal);
    const { jobId, directory, rules = [], rulesRest, silence = null } = job;
    runtime.monitor.watch(
      attempt.token,
      { jobId, directory, token: attempt.token, silence },
      onObservation,
      signal,
    );
    runtime.rules.watch(
      attempt.token,
      { directory, rules, rest: rulesRest, ranAt: () => runtime.monitor.ranAt(attempt.token) },
      ({ rule, reading }) =>
        onObservation({
          kind: 'rule-met',
          finding: {
            rule,
            value: reading === null ? null : String(reading.value),
            line: reading?.line ?? '',
          },
        }),
      signal,
    );
  }

  retrieve(
    attempt: Attempt,
    directory: string,
    patterns: readonly string[],
    signal: AbortSignal,
  ): ReturnType<JobHost['retrieve']> {
    const runtime = this.#deps.runtime(attempt.computer);
    return runtime.turns.take('transfer', 'retrieve', attempt.process, signal, () =>
      runtime.use({ signal, mode: 'park' }, (transport) =>
        retrieveFiles(transport, this.#deps.repository, directory, patterns, signal, this.#deps.noRoom),
      ),
    );
  }

  cancel(attempt: Attempt, job: Job, signal: AbortSignal): Promise<void> {
    const runtime = this.#deps.runtime(attempt.computer);
    return runtime.use({ signal, mode: 'park' }, async (_, session) => {
      const { script, input = new Uint8Array(0) } = runtime.scheduler.cancel({
        ...job,
        token: attempt.token,
      });
      const answer = await session.run({
        what: 'the cancellation of a job',
        script: cancelScript(job.directory, script),
        input,
        signal,
      });
      runtime.scheduler.readCancel(answer, job);
      runtime.monitor.pollNow();
    });
  }

  /** A clock that was set back meanwhile says nothing. */
  #since({ since }: Attempt): LookBack | null {
    if (since === undefined) return null;
    const ms = this.#deps.clock.now() - since;
    return ms < 0 ? null : { agoSeconds: Math.ceil(ms / 1000), epochSeconds: Math.floor(since / 1000) };
  }

  #emptyForMs(token: string): number {
    const now = this.#deps.clock.monotonic();
    const since = this.#notFoundSince.get(token);
    if (since === undefined) this.#notFoundSince.set(token, now);
    return since === undefined ? 0 : now - since;
  }
}
