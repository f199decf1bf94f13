import type { Clock } from '#shared/base/clock.ts';
import type { Random } from '#shared/base/random.ts';
import type { CachingRules } from '#shared/process/caching-rules.ts';
import type { JobOptions } from '#shared/process/job-options.ts';
import type { ComputerId, Uuid } from '#shared/provenance/ids.ts';
import type {
  EngineStore,
  JobHost,
  NodeForPlugin,
  ObjectStore,
  PluginHost,
  PreparedCalculation,
} from './ports.ts';

/** Computers by either key, and the job script that a computer needs. */
export interface ComputerBook {
  uuidOf(id: ComputerId): Uuid | null;
  idOf(uuid: Uuid): ComputerId | null;
  /** The job script for a prepared calculation. @throws StemmaError of the user family where options do not fit */
  script(request: {
    readonly computer: Uuid;
    readonly options: JobOptions;
    readonly calculation: PreparedCalculation;
    readonly codes: readonly NodeForPlugin[];
  }): string;
}

/** Everything that the engine touches. All of it can be virtual. */
export interface EngineDeps {
  readonly store: EngineStore;
  readonly objects: ObjectStore;
  readonly jobs: JobHost;
  readonly computers: ComputerBook;
  readonly plugins: PluginHost;
  readonly clock: Clock;
  readonly random: Random;
  /** `stemma` and its version, for the attribute `version` of every process. */
  readonly coreVersion: string;
  /** As the profile has them now; nothing is taken from the cache where this is not given. */
  readonly cachingRules?: () => CachingRules;
  /** Why nothing new may be taken in now; null where the disk has room, and never asked where this is not given. */
  readonly noRoom?: () => Error | null;
}
