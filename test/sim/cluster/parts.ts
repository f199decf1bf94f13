import type { Clock } from '#shared/base/clock.ts';
import type { Random } from '#shared/base/random.ts';
import type { Faults } from './faults.ts';
import type { RemoteFiles } from './files/remote-files.ts';
import type { JobRun } from './machines/job-run.ts';
import type { Machine } from './machines/machine.ts';
import type { Process } from './machines/process.ts';
import type { ProgramProgress, ProgramResult, ProgramRun } from './program.ts';
import type { SiteRules } from './site.ts';
import type { SlurmJob } from './slurm/job.ts';
import type { Truth } from './truth.ts';

/** What the parts of a cluster have in common. */
export interface ClusterParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly site: SiteRules;
  readonly truth: Truth;
  readonly files: RemoteFiles;
  readonly faults: () => Faults;
  readonly program: ((run: ProgramRun) => ProgramResult | null) | undefined;
  readonly progress: ((run: ProgramRun) => ProgramProgress | null) | undefined;
  /** Milliseconds since 1970, by the site's clock. */
  readonly now: () => number;
  /** Draws whether a fault strikes now. */
  readonly strikes: (fault: keyof Faults) => boolean;
  /** Scratch space is cleaned up: a work directory of late is gone. */
  readonly wipeOne: () => void;
  /** Draws a whole number of a range. */
  readonly between: (range: readonly [min: number, max: number]) => number;
  /** The id that the fence of a directory really holds; null: none. */
  readonly fenceOf: (directory: string) => string | null;
  readonly newNode: (name: string) => Machine;
  /** Starts the script of a batch job; null where its output cannot be opened. */
  readonly startBatch: (node: Machine, job: SlurmJob, run: JobRun) => Process | null;
}
