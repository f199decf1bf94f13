import type { Clock } from '#shared/base/clock.ts';
import { Emitter } from '#shared/base/emitter.ts';
import { errorInfo } from '#shared/base/errors.ts';
import type { StopRule } from '#shared/process/rule-types.ts';
import type { Question } from '../schedulers/scheduler.ts';
import type { ExecAnswer } from '../transport.ts';
import { RuleProgress, type RuleReading } from './rule-progress.ts';
import { askWatchedFiles, readWatchedFiles, type FilePart, type FileWish } from './watched-files.ts';

export interface RuleWatchDeps {
  readonly clock: Clock;
  /** Asks the computer; waits while it cannot be reached. */
  readonly ask: (
    what: string,
    question: Question & { readonly maxOutput: number },
    signal: AbortSignal,
  ) => Promise<ExecAnswer>;
  /** The computer's own interval between two questions, in ms. */
  readonly leastMs: () => number;
  /** A look that failed: nothing is known, and it is made again. */
  readonly onFailure: (thrown: unknown) => void;
}

/** A rule is fulfilled. Nothing is read where it is about silence. */
export interface RuleMet {
  readonly index: number;
  readonly rule: StopRule;
  readonly reading: RuleReading | null;
}

/** How far a rule is, for who looks at its job. */
export interface RuleState {
  readonly last: RuleReading | null;
  /** When its file was looked at last; null before the first time. */
  readonly checked: number | null;
  /** What the last look failed with, or that there is no such file; empty where all is well. */
  readonly problem: string;
}

interface Watched {
  readonly directory: string;
  readonly index: number;
  readonly rule: StopRule;
  readonly progress: RuleProgress | null;
  readonly report: (met: RuleMet) => void;
  readonly isOver: () => boolean;
  readonly rests: () => boolean;
  readonly ranAt: () => number | null;
  /** Monotonic time of the first look, of those in a row, that found the file silent. */
  silentAt: number | null;
  size: number;
  /** The last bytes before `size`: where others stand there, the file was written anew. */
  end: Uint8Array;
  /** It was written anew, and is looked at again as soon as may be. */
  anew: boolean;
  due: number;
  checked: number | null;
  problem: string;
}

/** What one answer may hold; each file gets its part of it. */
const mostBytes = 4_000_000;
const mostOfFile = 256_000;
const mostFiles = 250;
/** Rules that are nearly due go along with those that are. */
const together = 0.25;
/**
 * Bytes that are read again at each look. Neither size, nor time, nor inode shows that a shell's `>` began a file anew;
 * two runs that print the same numbers at the same place are rare.
 */
const overlap = 256;
const failureLimitMs = 600_000;
/** A list of the queue may be older than the interval of the rule by so much. */
const oldListMs = 60_000;

/**
 * Looks at the files of all rules of a computer that are due, by one command, and reads only what is new. A look that
 * fails stops no job: nothing was seen.
 */
export class RuleWatch {
  readonly #deps: RuleWatchDeps;
  readonly #jobs = new Map<string, readonly Watched[]>();
  #timer: (() => void) | null = null;
  #looking: AbortController | null = null;
  #failures = 0;
  readonly changes = new Emitter<void>();

  constructor(deps: RuleWatchDeps) {
    this.#deps = deps;
  }

  /** @param key unique for the job: the token of its attempt */
  watch(
    key: string,
    job: {
      readonly directory: string;
      readonly rules: readonly StopRule[];
      /** Asked at each look: nothing is looked at while they rest. */
      readonly rest?: (() => boolean) | undefined;
      /** Monotonic time at which a list of the queue was asked that shows the job running; null where the last does not. */
      readonly ranAt: () => number | null;
    },
    report: (met: RuleMet) => void,
    signal: AbortSignal,
  ): void {
    if (signal.aborted || job.rules.length === 0) return;
    const now = this.#deps.clock.monotonic();
    const all = job.rules.map((rule, index): Watched => ({
      directory: job.directory,
      index,
      rule,
      progress: rule.kind === 'value' ? new RuleProgress(rule) : null,
      report,
      isOver: () => signal.aborted,
      rests: job.rest ?? (() => false),
      ranAt: job.ranAt,
      silentAt: null,
      size: 0,
      end: new Uint8Array(0),
      anew: false,
      due: now + this.#every(rule),
      checked: null,
      problem: '',
    }));
    this.#jobs.set(key, all);
    signal.addEventListener(
      'abort',
      () => {
        if (this.#jobs.get(key) !== all) return;
        this.#jobs.delete(key);
        if (this.#jobs.size === 0) this.#stop();
      },
      { once: true },
    );
    this.#schedule();
  }

  /** Of the rules of a job, in their order. */
  states(key: string): readonly RuleState[] {
    return (this.#jobs.get(key) ?? []).map(({ progress, checked, problem }) => ({
      last: progress?.last ?? null,
      checked,
      problem,
    }));
  }

  close(): void {
    this.#jobs.clear();
    this.#stop();
  }

  #every(rule: StopRule): number {
    return Math.max(rule.every * 1000, this.#deps.leastMs());
  }

  #stop(): void {
    this.#timer?.();
    this.#timer = null;
    this.#looking?.abort(new Error('no rule is left to look at'));
    this.#looking = null;
  }

  #schedule(): void {
    if (this.#looking !== null) return;
    this.#timer?.();
    this.#timer = null;
    const { clock } = this.#deps;
    let due = Infinity;
    for (const watched of this.#all()) due = Math.min(due, watched.due);
    if (due === Infinity) return;
    const wait = Math.max(0, due - clock.monotonic(), this.#failures === 0 ? 0 : this.#pause());
    this.#timer = clock.after(Math.min(wait, 86_400_000), () => {
      this.#timer = null;
      void this.#look();
    });
  }

  #pause(): number {
    return Math.min(failureLimitMs, Math.max(this.#deps.leastMs(), 5000) * 2 ** (this.#failures - 1));
  }

  *#all(): Generator<Watched> {
    for (const job of this.#jobs.values()) yield* job;
  }

  async #look(): Promise<void> {
    const { clock, onFailure, leastMs } = this.#deps;
    const looking = new AbortController();
    this.#looking = looking;
    const now = clock.monotonic();
    const due = [...this.#all()]
      .filter((one) => one.due - now <= together * this.#every(one.rule))
      .toSorted((a, b) => a.due - b.due)
      .slice(0, mostFiles);
    try {
      const awake = due.filter((one) => !one.rests());
      await this.#read(awake, looking.signal);
      this.#failures = 0;
    } catch (thrown) {
      if (looking.signal.aborted) return;
      this.#failures++;
      for (const one of due) one.problem = errorInfo(thrown).message;
      onFailure(thrown);
    }
    const after = clock.monotonic();
    for (const one of due) one.due = after + (one.anew ? leastMs() : this.#every(one.rule));
    this.#looking = null;
    this.#schedule();
    this.changes.emit();
  }

  async #read(due: readonly Watched[], signal: AbortSignal): Promise<void> {
    if (due.length === 0) return;
    const limit = Math.min(mostOfFile, Math.floor(mostBytes / due.length));
    const wishes = due.map(({ directory, rule, size, end }): FileWish => ({
      directory,
      file: rule.file,
      from: rule.kind === 'value' ? size - end.length : 0,
      limit: rule.kind === 'value' ? limit : 0,
    }));
    const question = askWatchedFiles(wishes);
    const maxOutput = mostBytes + due.length * 200 + 1000;
    const answer = await this.#deps.ask('the files that rules look at', { ...question, maxOutput }, signal);
    for (const [i, part] of readWatchedFiles(answer.bytes, due.length).entries()) {
      const one = due[i];
      // what is read while they rest is read again afterwards
      if (one !== undefined && !one.isOver() && !one.rests()) await this.#take(one, part);
    }
  }

  /**
   * A job that was put back into the queue is silent, too, and is not to be stopped for that: a list that was asked
   * after the silence was found, and not long ago, must show it running.
   */
  #ranSince(one: Watched): boolean {
    const now = this.#deps.clock.monotonic();
    one.silentAt ??= now;
    const ranAt = one.ranAt();
    if (ranAt === null) one.silentAt = null;
    return (
      ranAt !== null &&
      one.silentAt !== null &&
      ranAt > one.silentAt &&
      now - ranAt <= this.#every(one.rule) + oldListMs
    );
  }

  async #take(one: Watched, part: FilePart): Promise<void> {
    const { rule, index, progress } = one;
    one.checked = this.#deps.clock.now();
    one.problem = part.size === null ? `There is no file ${rule.file} (yet).` : '';
    if (rule.kind === 'silent') {
      const isSilent = part.quietForSeconds !== null && part.quietForSeconds >= rule.minutes * 60;
      if (isSilent && this.#ranSince(one)) one.report({ index, rule, reading: null });
      if (!isSilent) one.silentAt = null;
      return;
    }
    if (progress === null || part.size === null) return;
    const wished = one.size - one.end.length;
    const again = part.bytes.subarray(0, one.end.length);
    const isSame = part.from === wished && Buffer.compare(again, one.end) === 0;
    if (!isSame) progress.restart();
    // what came is its middle: the next look reads it from its beginning on
    one.anew = !isSame && part.from === wished && part.from > 0;
    one.size = one.anew ? 0 : part.size;
    one.end = one.anew ? new Uint8Array(0) : part.bytes.slice(-overlap);
    if (one.anew) return;
    const fresh = part.bytes.subarray(isSame ? again.length : 0);
    // what is in the middle of a character at a cut reads as a stand-in, which no pattern wants
    const met = await progress.take(new TextDecoder().decode(fresh), part.from > wished);
    if (met !== null && !one.isOver()) one.report({ index, rule, reading: met });
  }
}
