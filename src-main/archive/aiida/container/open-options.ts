import type { Progress } from '#shared/contract/common.ts';

/** What opening an archive needs of its surroundings. */
export interface OpenOptions {
  /** An empty folder of ours on the disk of the profile: for what has to be unpacked or turned into another form. */
  readonly scratch: string;
  /** Milliseconds since 1970; stands where an early archive has no time. */
  readonly now: () => number;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}
