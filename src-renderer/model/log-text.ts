import { formatLocal } from '#shared/base/time.ts';
import type { LogLine } from '#shared/contract/areas/processes.ts';
import type { Token } from '#renderer/design/code/segments.ts';

const levelWidth = 8;

/** The log as text with aligned columns, so that it can be searched and copied as a whole. */
export function logText(log: readonly LogLine[]): string {
  const sourceWidth = Math.min(16, Math.max(0, ...log.map(({ source }) => source.length)));
  return log
    .map(({ time, level, source, message }) => {
      const head = `${formatLocal(time)}  ${level.padEnd(levelWidth)} ${source.padEnd(sourceWidth)}  `;
      return head + message.replaceAll('\n', `\n${' '.repeat(head.length)}`);
    })
    .join('\n');
}

/** Time, level and source of a line of `logText`. */
export function logTokens(line: string): readonly Token[] {
  const found = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) {2}(\w+) +(\S*)/.exec(line);
  if (found === null) return [];
  const [, time = '', level = ''] = found;
  const levelAt = time.length + 2;
  const look = level === 'ERROR' || level === 'CRITICAL' ? 'bad' : level === 'WARNING' ? 'word' : 'key';
  return [
    { start: 0, end: time.length, look: 'comment' },
    { start: levelAt, end: levelAt + level.length, look },
  ];
}
