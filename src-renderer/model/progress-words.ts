import { formatBytes } from '#shared/base/bytes.ts';
import type { Progress } from '#shared/contract/common.ts';
import { countWords } from './count-words.ts';

/** `Comparing nodes · 120 of 300 nodes`, `Opening the archive` */
export function progressWords({ done, total, unit, words }: Progress): string {
  const spell = (count: number): string => (unit === 'bytes' ? formatBytes(count) : countWords(count));
  const shown = unit === 'bytes' ? '' : ` ${unit}`;
  const amount =
    total !== null ? `${spell(done)} of ${spell(total)}${shown}` : done > 0 ? `${spell(done)}${shown}` : '';
  return [words, amount].filter(Boolean).join(' · ');
}
