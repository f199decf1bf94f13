import { legacyVersions, type LegacyVersion } from '../../container/versions.ts';
import type { ObjectText } from '../object-text.ts';
import type { LegacyLink, LegacyNode, LegacyRole, Step, StepFiles } from '../step.ts';
import { v02ToV03 } from './v02-to-v03.ts';
import { v03ToV04 } from './v03-to-v04.ts';
import { v04ToV05 } from './v04-to-v05.ts';
import { v05ToV06 } from './v05-to-v06.ts';
import { v06ToV07 } from './v06-to-v07.ts';
import { v07ToV08 } from './v07-to-v08.ts';
import { v08ToV09 } from './v08-to-v09.ts';
import { v10ToV11 } from './v10-to-v11.ts';
import { v11ToV12 } from './v11-to-v12.ts';
import { v12ToV13 } from './v12-to-v13.ts';

/**
 * In their order. 0.1 to 0.2 renamed tables and nothing else, which entity-names.ts does for all versions; 0.9 to 0.10
 * changed only the description of the columns, which nothing here reads.
 */
const allSteps: readonly Step[] = [
  v02ToV03,
  v03ToV04,
  v04ToV05,
  v05ToV06,
  v06ToV07,
  v07ToV08,
  v08ToV09,
  v10ToV11,
  v11ToV12,
  v12ToV13,
];

/** All steps that lead from a version to the last one, as one. */
export class Migration {
  readonly #steps: readonly Step[];

  constructor(version: LegacyVersion) {
    const age = legacyVersions.indexOf(version);
    this.#steps = allSteps.filter(({ from }) => legacyVersions.indexOf(from) >= age);
  }

  node(node: LegacyNode, files: StepFiles): LegacyNode {
    return this.#steps.reduce((old, step) => step.node?.(old, files) ?? old, node);
  }

  computer(row: ObjectText): ObjectText {
    return this.#steps.reduce((old, step) => step.computer?.(old) ?? old, row);
  }

  group(row: ObjectText): ObjectText {
    return this.#steps.reduce((old, step) => step.group?.(old) ?? old, row);
  }

  log(row: ObjectText): ObjectText {
    return this.#steps.reduce((old, step) => step.log?.(old) ?? old, row);
  }

  /** @returns null for a link that is left out */
  link(link: LegacyLink, source: LegacyRole, target: LegacyRole): LegacyLink | null {
    let current: LegacyLink | null = link;
    for (const step of this.#steps) {
      if (current === null) return null;
      if (step.link !== undefined) current = step.link(current, source, target);
    }
    return current;
  }
}
