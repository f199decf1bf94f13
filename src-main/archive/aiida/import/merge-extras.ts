import type { ExtrasMode } from '#shared/contract/areas/import-modes.ts';
import { memberTexts, objectText, sameJson } from './json-text.ts';

/** Extras that hold only in the profile they were written in: hashes for caching, and where a copy came from. */
export const isPrivateExtra = (key: string): boolean => key.startsWith('_aiida_');

/**
 * The extras of a node that is here, after those of the archive were merged into them, as texts: every value keeps the
 * characters that it came with. Modes and their outcome are AiiDA's (aiida-core 2.9, `_merge_node_extras`), but for
 * private extras: those of here always stay, those of the archive never come (`there` has none).
 * @returns `here` itself where nothing would change
 */
export function mergedExtras(mode: ExtrasMode, here: string, there: string): string {
  if (mode === 'none' || here === there) return here;
  const [mine, theirs] = [memberTexts(here), memberTexts(there)];
  const result = merged(mode, mine, theirs);
  const text = objectText(result.values());
  return sameJson(text, here) ? here : text;
}

type Members = ReadonlyMap<string, string>;

function merged(mode: Exclude<ExtrasMode, 'none'>, mine: Members, theirs: Members): Members {
  switch (mode) {
    case 'keep_existing':
      return new Map([...mine, ...[...theirs].filter(([key]) => !mine.has(key))]);
    case 'update_existing':
      return new Map([...theirs, ...[...mine].filter(([key]) => !theirs.has(key))]);
    case 'mirror':
      return new Map([...theirs, ...[...mine].filter(([key]) => isPrivateExtra(key))]);
  }
}
