import type { Process } from '../machines/process.ts';
import type { JobRun } from '../machines/job-run.ts';

/** Words of squeue(1) and sacct(1). */
export type SlurmState =
  | 'PENDING'
  | 'RUNNING'
  | 'COMPLETING'
  | 'COMPLETED'
  | 'FAILED'
  | 'TIMEOUT'
  | 'OUT_OF_MEMORY'
  | 'NODE_FAIL'
  | 'CANCELLED'
  | 'PREEMPTED';

export type FinalState = Exclude<SlurmState, 'PENDING' | 'RUNNING' | 'COMPLETING'>;

export interface SbatchOptions {
  readonly requeue: boolean;
  readonly output: string;
  readonly error: string;
  /** Milliseconds; null: the site's. */
  readonly timeMs: number | null;
}

interface Record {
  readonly at: number;
  readonly state: SlurmState | 'REQUEUED';
  readonly started: number | null;
  readonly ended: number | null;
  readonly exit: string;
  readonly node: string;
}

/** Longest history that accounting is shown with a lag. */
const kept = 6;

export class SlurmJob {
  readonly id: number;
  readonly name: string;
  readonly directory: string;
  #script: string;
  readonly options: SbatchOptions;
  state: SlurmState = 'PENDING';
  reason = 'Priority';
  /** Milliseconds since 1970, by the site's clock. */
  started: number | null = null;
  ended: number | null = null;
  /** `code:signal` */
  exit = '0:0';
  node = '';
  restarts = 0;
  /** It waits until an administrator finds it. */
  isStuck = false;
  process: Process | null = null;
  run: JobRun | null = null;
  readonly #records: Record[] = [];
  #format = '';
  #line = '';

  constructor(id: number, name: string, directory: string, script: string, options: SbatchOptions) {
    this.id = id;
    this.name = name;
    this.directory = directory;
    this.#script = script;
    this.options = options;
  }

  get script(): string {
    return this.#script;
  }

  /** It never runs again: accounting remembers what became of it, and neither its script nor how it ran. */
  letGo(): void {
    this.#script = '';
    this.run = null;
  }

  get isFinal(): boolean {
    return this.ended !== null;
  }

  /** Something of it has changed. */
  changed(at: number): void {
    this.#line = '';
    const { state, started, ended, exit, node } = this;
    this.#records.push({ at, state, started, ended, exit, node });
    if (this.#records.length > kept) this.#records.shift();
  }

  /** What accounting knew at that time; null: nothing. */
  recordAt(time: number): Record | null {
    return this.#records.findLast(({ at }) => at <= time) ?? null;
  }

  /** A line of squeue, `%` and a letter for each field. */
  line(format: string): string {
    if (this.#line === '' || this.#format !== format) {
      this.#format = format;
      this.#line = fill(format, (letter) => this.#field(letter));
    }
    return this.#line;
  }

  #field(letter: string): string | null {
    switch (letter) {
      case 'i':
        return String(this.id);
      case 'j':
        return this.name;
      case 'T':
        return this.state;
      case 'S':
        return seconds(this.started) ?? 'N/A';
      case 'e':
        return seconds(this.ended) ?? 'N/A';
      case 'N':
        return this.node;
      case 'r':
        return this.state === 'PENDING' ? this.reason : 'None';
      default:
        return null;
    }
  }
}

const fill = (format: string, field: (letter: string) => string | null): string =>
  format.replaceAll(/%(\w)/g, (whole, letter: string) => field(letter) ?? whole);

const ofOthers: { readonly [letter: string]: string } = {
  T: 'PENDING',
  S: 'N/A',
  e: 'N/A',
  N: '',
  r: 'Priority',
  // a name may be any text
  j: 'sweep | of\nothers',
};

/** The line of a job that is not Stemma's, and waits. */
export const otherLine = (id: string, format: string): string =>
  fill(format, (letter) => (letter === 'i' ? id : (ofOthers[letter] ?? null)));

export const seconds = (ms: number | null): string | null =>
  ms === null ? null : String(Math.floor(ms / 1000));
