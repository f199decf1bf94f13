import type { LegacyVersion } from '../container/versions.ts';
import type { ObjectText } from './object-text.ts';

/** A node while it goes from version to version. */
export interface LegacyNode {
  /** What is not in the other fields: type, label, times, keys of user and computer. */
  readonly row: ObjectText;
  readonly attributes: ObjectText;
  readonly extras: ObjectText;
  /** Which attributes are times, in the shape of the attributes themselves (until 0.5); null where none is. */
  readonly attributeDates: ObjectText | null;
  readonly extraDates: ObjectText | null;
}

/** A link of `data.json`. */
export interface LegacyLink {
  /** UUIDs */
  readonly input: string;
  readonly output: string;
  readonly label: string;
  /** null before 0.3 */
  readonly type: string | null;
}

/** What a node is for its links; `other` for what no version has links for. */
export type LegacyRole = 'data' | 'calculation' | 'workflow' | 'other';

export interface StepFiles {
  /** The strings of an array in the files of a node, as JSON; null where there is no such array. */
  textArray(uuid: string, name: string): string | null;
}

/**
 * What AiiDA changed from one version to the next, as pure functions of one thing at a time. Things that a step does not
 * name stay as they are. Source of the facts: aiida-core 1.6 `tools/importexport/archive/migrations` for 0.1 to 0.4,
 * aiida-core 2.9 `storage/sqlite_zip/migrations/legacy` for the later ones.
 */
export interface Step {
  readonly from: LegacyVersion;
  readonly node?: (node: LegacyNode, files: StepFiles) => LegacyNode;
  readonly computer?: (row: ObjectText) => ObjectText;
  readonly group?: (row: ObjectText) => ObjectText;
  readonly log?: (row: ObjectText) => ObjectText;
  /** @returns null for a link that is left out */
  readonly link?: (link: LegacyLink, source: LegacyRole, target: LegacyRole) => LegacyLink | null;
}
