import type { JobOptionsInput } from '../../process/job-options.ts';
import type { InputsOf, PortRecord } from '../ports.ts';
import type { AskedQuestion, StepInput, StepOutcome } from '../step.ts';
import type { DataValue } from '../values.ts';

type MaybePromise<T> = T | Promise<T>;

/** What a handler looks at when a run has ended. */
export interface RestartContext<
  Inputs extends PortRecord = PortRecord,
  Policy extends PortRecord = PortRecord,
> {
  /** 1, 2, … */
  readonly iteration: number;
  readonly outcome: StepOutcome;
  /** What the process ran with. */
  readonly inputs: InputsOf<Inputs>;
  /** The job options that it ran with. */
  readonly options: JobOptionsInput;
  /** The further inputs of the restart workflow: limits, factors. */
  readonly policy: InputsOf<Policy>;
  /** How often this handler has acted before. */
  readonly acted: number;
  /** Whether the next run can go on from the work directory of this one. */
  readonly canRestartFromFolder: boolean;
}

/** Other inputs by flat label, and other job options. Null takes one away; what is not named stays. */
export interface Change {
  readonly inputs?: Readonly<Record<string, DataValue | Exclude<StepInput, undefined> | null>>;
  readonly options?: { readonly [Name in keyof JobOptionsInput]?: JobOptionsInput[Name] | null };
}

/** What is done next, and why, in a sentence for the report. */
export type NextRun =
  /** Again; the same where it changes nothing. */
  | ({ readonly action: 'change'; readonly says: string } & Change)
  /** Again, with the former work directory as input. From the beginning where the process cannot use one. */
  | ({ readonly action: 'restart-from-folder'; readonly says: string } & Change)
  | {
      readonly action: 'give-up';
      readonly says: string;
      /** An exit code of the restart workflow by its label, with what fills its message; else 410. */
      readonly exit?: string;
      readonly values?: Readonly<Record<string, string | number>>;
    };

/** A choice of a person, and what it leads to. */
export interface HandlerChoice {
  readonly label: string;
  readonly help?: string;
  readonly next: NextRun;
}

/** What a handler wants done: another run, an end, or a question to a person whose choices are such answers. */
export type Reaction =
  | NextRun
  | (Pick<AskedQuestion, 'question' | 'facts'> & {
      readonly action: 'ask';
      readonly choices: Readonly<Record<string, HandlerChoice>>;
    });

/** Knows what to do about one kind of ending. It is replayed: it decides by its context and nothing else. */
export interface RestartHandler<
  Inputs extends PortRecord = PortRecord,
  Policy extends PortRecord = PortRecord,
> {
  /** Unique in its workflow; letters, digits and `_`, as AiiDA names methods. */
  readonly name: string;
  /** Which endings it is asked about; every one, good ones too, where neither this nor `when` is given. */
  readonly exitCodes?: readonly number[];
  readonly when?: (context: RestartContext<Inputs, Policy>) => MaybePromise<boolean>;
  /** The highest is asked first, then the order of the list. 0 where it is not given. */
  readonly priority?: number;
  /** False: only where a launch switches it on. */
  readonly enabled?: boolean;
  /** The first that reacts decides. */
  readonly handle: (context: RestartContext<Inputs, Policy>) => MaybePromise<Reaction | 'not mine'>;
}
