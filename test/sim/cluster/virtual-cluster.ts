import type { Clock } from '#shared/base/clock.ts';
import type { Random } from '#shared/base/random.ts';
import type { Transport } from '#main/computers/transport.ts';
import type { Faults } from './faults.ts';
import type { SiteRules } from './site.ts';
import { Truth } from './truth.ts';

export { noFaults, type Faults } from './faults.ts';
export { usualSite, type SiteRules } from './site.ts';
export type * from './truth.ts';

/** A program that a job runs: what it is and where. */
export interface ProgramRun {
  /** The executable and its arguments. */
  readonly words: readonly string[];
  readonly stdin: string;
  readonly directory: string;
  readonly token: string;
  readonly jobId: string;
}

/** What it does, apart from taking its time. */
export interface ProgramResult {
  readonly stdout: string;
  readonly stderr?: string;
  readonly exitStatus: number;
  /** Content by path relative to its directory. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface ClusterDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly name: string;
  readonly site: SiteRules;
  readonly faults: Faults;
  /** Without it shells run what they read, and any other program prints a line. */
  readonly program?: (run: ProgramRun) => ProgramResult | null;
  /** The simulator itself is wrong: a script does what the model does not know. Must end the run. */
  readonly onDefect?: (error: Error) => void;
}

/** A cluster in memory, on which the real scripts run. */
export class VirtualCluster {
  readonly truth = new Truth();
  /** May be set at any time. */
  faults: Faults;
  /** Errors of the simulator itself. Must stay empty. */
  readonly defects: Error[] = [];
  readonly #deps: ClusterDeps;

  constructor(deps: ClusterDeps) {
    this.#deps = deps;
    this.faults = deps.faults;
  }

  /** In place of dialling. */
  open(signal: AbortSignal): Promise<Transport> {
    signal.throwIfAborted();
    return Promise.reject(new Error(`${this.#deps.name} is not built yet`));
  }

  /** All links die now, without a word to the other side. What runs there goes on. */
  cut(): void {}
}
