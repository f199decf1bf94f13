import type { UnhandledPolicy } from '#shared/plugin/restart/run-restart.ts';

/**
 * What a virtual workflow does, as data: it is an input of the process, so it is the same after every restart. Labels
 * are unique in a program, because a label is the name of a step.
 */
export type Step =
  | { readonly do: 'job'; readonly label: string; readonly job: JobParameters }
  | { readonly do: 'function'; readonly label: string; readonly call: FunctionParameters }
  | { readonly do: 'workflow'; readonly label: string; readonly program: Program }
  | { readonly do: 'parallel'; readonly steps: readonly Step[] }
  /** Goes on with the first of them that is over; the others are single steps, and go on by themselves. */
  | { readonly do: 'race'; readonly label: string; readonly steps: readonly Step[] }
  /** The body as often as the dice of the workflow say, at most `most` times; labels get a number. */
  | { readonly do: 'loop'; readonly label: string; readonly most: number; readonly body: readonly Step[] }
  | { readonly do: 'sleep'; readonly label: string; readonly ms: number }
  | { readonly do: 'now'; readonly label: string }
  | { readonly do: 'report'; readonly message: string }
  /** A person chooses one of the ways. */
  | { readonly do: 'ask'; readonly label: string; readonly ways: readonly (readonly Step[])[] }
  | { readonly do: 'throw'; readonly message: string }
  | { readonly do: 'exit'; readonly status: number };

export interface Program {
  /** Unique in the world. */
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface JobParameters {
  readonly name: string;
  /** Which computer of the world. */
  readonly computer: number;
  /** Bytes of its input. */
  readonly inputBytes: number;
  /** How many files it makes beside its output. */
  readonly files: number;
  /** Whether the scheduler may start it again by itself. */
  readonly rerunnable: boolean;
  readonly ends: 'well' | 'exit-status' | 'no-output' | 'parser-throws' | 'prepare-throws';
  /** From this version of the plugin on its input is another; 0: always the same. */
  readonly changesAt: number;
  /** So often must a handler mend it before it ends well. */
  readonly toMend?: number;
  /** How often its handler says that it has acted. */
  readonly acts?: number;
  /** Its handler asks a person whether it is to be mended. */
  readonly asks?: boolean;
  readonly watch?: Watch;
}

/** What it writes into `progress.log` while it runs, and how long it runs: in place of what the site says. */
export interface Watch {
  readonly values: readonly number[];
  readonly everyMs: number;
  readonly totalMs: number;
}

export const progressFile = 'progress.log';

/** A job that is run again until it is good. */
export interface RestartParameters {
  readonly name: string;
  readonly job: JobParameters;
  readonly most: number;
  /** Asked for, in seconds; 0: what the site gives. */
  readonly walltime: number;
  readonly unhandled: UnhandledPolicy;
  readonly asksAtLimit: boolean;
}

export interface FunctionParameters {
  readonly name: string;
  readonly add: number;
  readonly ends: 'well' | 'throws' | 'exit';
  readonly changesAt: number;
}

/** Every calculation that a program can call, those of its sub-workflows left out. */
export function* calculationsOf(
  steps: readonly Step[],
): Generator<Extract<Step, { do: 'job' } | { do: 'function' }>> {
  for (const step of steps) {
    if (step.do === 'parallel' || step.do === 'race') yield* calculationsOf(step.steps);
    else if (step.do === 'loop') yield* calculationsOf(step.body);
    else if (step.do === 'ask') for (const way of step.ways) yield* calculationsOf(way);
    else if (step.do === 'job' || step.do === 'function') yield step;
  }
}
