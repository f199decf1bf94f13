import { formatBytes } from '#shared/base/bytes.ts';
import type { ImportJob } from '#shared/contract/areas/imports.ts';
import type { Progress } from '#shared/contract/common.ts';
import { countWords } from '#renderer/model/count-words.ts';
import { progressWords } from '#renderer/model/progress-words.ts';

export const beginning: Progress = { done: 0, total: null, unit: 'steps', words: '' };

/** Whether an import may still be cancelled. */
export const isBusy = ({ state }: ImportJob): boolean => state === 'waiting' || state === 'running';

/** `Storing files · 12 MB of 80 MB · 20 MB a second` */
export function jobWords({ state, progress, rate }: ImportJob): string {
  if (state === 'waiting') return 'Begins when the import before it has ended';
  if (progress === null) return 'Beginning';
  const { unit } = progress;
  const speed =
    rate === null || rate <= 0 || unit === 'steps'
      ? ''
      : `${unit === 'bytes' ? formatBytes(Math.round(rate)) : `${countWords(Math.round(rate))} ${unit}`} a second`;
  return [progressWords(progress) || 'Beginning', speed].filter(Boolean).join(' · ');
}
