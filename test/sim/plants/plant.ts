import type { Place } from '../scenario.ts';
import type { Stratum } from '../strata.ts';
import type { Uses } from '../uses.ts';

/** A fault that is planted into the real code, to see that the simulator finds it. */
export interface Plant {
  readonly name: string;
  /** Relative to the root of the project. */
  readonly file: string;
  /** Occurs exactly once in the file: a plant that has lost its ground is an error. */
  readonly find: string;
  readonly replace: string;
  /** What is wrong then. */
  readonly says: string;
  /** A place where it can do harm; seeds without one are not run. */
  readonly where?: (place: Place) => boolean;
  /** What a person must make use of for it to do harm; seeds of other worlds are not run. */
  readonly uses?: (uses: Uses) => boolean;
  /** The kind of world that shows it best: seeds of that kind come first. */
  readonly first?: Stratum;
}
