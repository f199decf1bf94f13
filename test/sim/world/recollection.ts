import type { Witness } from '../plugins/interpret.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { FunctionParameters, JobParameters } from '../plugins/program.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Chronicle } from './chronicle.ts';

/** What plugin code was told, over all lives of the core. */
export class Recollection implements Witness {
  readonly #chronicle: Chronicle;
  readonly #time: VirtualTime;
  readonly #wallMoved: () => boolean;
  readonly #answers = new Map<string, string>();
  /** Hears with which parameters a process must have been called. */
  onCalled: (process: Uuid, parameters: JobParameters | FunctionParameters) => void = () => {};
  readonly #sleeps = new Map<string, number>();

  constructor(chronicle: Chronicle, time: VirtualTime, wallMoved: () => boolean) {
    this.#chronicle = chronicle;
    this.#time = time;
    this.#wallMoved = wallMoved;
  }

  ran(kind: 'function' | 'job', name: string): void {
    this.#chronicle.count(`${kind} run`);
    this.#chronicle.note('plugin', `runs ${kind} ${name}`);
  }

  answered(program: string, label: string, value: string): void {
    const key = `${program} ${label}`;
    const before = this.#answers.get(key);
    this.#chronicle.note('plugin', `${key} is answered: ${value}`);
    if (before === undefined) this.#answers.set(key, value);
    else if (before !== value) {
      this.#chronicle.broken(
        'workflow',
        `Step “${label}” of ${program} was answered with ${before}, and on replay with ${value}.`,
      );
    }
  }

  /** What a step of that program was answered with; undefined where it never was. */
  answerOf(program: string, label: string): string | undefined {
    return this.#answers.get(`${program} ${label}`);
  }

  called(process: Uuid, parameters: JobParameters | FunctionParameters): void {
    this.onCalled(process, parameters);
  }

  slept(program: string, label: string, ms: number, phase: 'begin' | 'end'): void {
    const key = `${program} ${label}`;
    if (phase === 'begin') {
      if (!this.#sleeps.has(key)) this.#sleeps.set(key, this.#time.now());
      return;
    }
    const slept = this.#time.now() - (this.#sleeps.get(key) ?? 0);
    this.#chronicle.note('plugin', `${key} has slept ${slept} ms of ${ms}`);
    if (slept < ms - 1 && !this.#wallMoved()) {
      this.#chronicle.broken('workflow', `Step “${label}” of ${program} slept ${slept} ms instead of ${ms}.`);
    }
  }
}
