import { transportError } from '../transport-error.ts';
import type { ExecAnswer } from '../transport.ts';

/**
 * Lists are printed with a line `@<name> <count>` before `count` lines. That and the checksum of the frame prove that
 * a list is whole; a list that is not is no list at all.
 */
export const countedList = (name: string, command: string): string => `
list=$(${command}) || exit $?
count=0
[ -z "$list" ] || count=$(printf '%s\\n' "$list" | wc -l)
printf '@${name} %s\\n' "$((count))"
[ -z "$list" ] || printf '%s\\n' "$list"
`;

export type Sections = ReadonlyMap<string, readonly string[]>;

/** Counted lists by name. @throws StemmaError `garbled-answer` where anything is missing or too much */
export function readSections(answer: ExecAnswer, names: readonly string[]): Sections {
  const fail = (why: string): never => {
    throw transportError('garbled-answer', {
      message: `The scheduler’s list cannot be read: ${why}.`,
      details: answer.stdout.slice(0, 500),
    });
  };
  const sections = new Map<string, string[]>();
  const lines = answer.stdout.split('\n');
  if (lines.pop() !== '') fail('its last line is cut off');
  for (let at = 0; at < lines.length;) {
    const head = /^@([a-z]+) (\d+)$/.exec(lines[at] ?? '');
    const [, name = '', count = '0'] = head ?? fail('a line is not expected there');
    const rows = lines.slice(at + 1, at + 1 + Number(count));
    if (rows.length !== Number(count)) fail('lines are missing');
    sections.set(name, [...(sections.get(name) ?? []), ...rows]);
    at += 1 + Number(count);
  }
  for (const name of names) if (!sections.has(name)) fail(`“${name}” is missing`);
  return sections;
}
