import { readdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { LineType, parse } from 'ssh-config';
import { userError } from '#shared/base/errors.ts';
import { wildcardMatches } from '../trust/known-hosts.ts';

/** A line of the configuration with everything that is included in its place. */
export type ConfigLine =
  | { readonly kind: 'set'; readonly key: string; readonly words: readonly string[] }
  | { readonly kind: 'host'; readonly patterns: readonly string[]; readonly lines: readonly ConfigLine[] }
  | {
      readonly kind: 'match';
      readonly criteria: readonly (readonly [name: string, words: readonly string[]])[];
      readonly lines: readonly ConfigLine[];
    };

/** As in ssh itself. */
const maxDepth = 16;
const maxBytes = 1_000_000;

type Parsed = ReturnType<typeof parse>;
type Value = string | readonly { readonly val: string }[];

const wordsOf = (value: Value): string[] =>
  typeof value === 'string' ? [value] : value.map(({ val }) => val);

/**
 * Reads a configuration of ssh and what it includes. A file that is not there is empty.
 * @param home for `~` and for includes without a folder, which ssh looks for in `~/.ssh`
 * @throws StemmaError `bad-ssh-config` with the file
 */
export async function readConfigLines(file: string, home: string, depth = 0): Promise<ConfigLine[]> {
  if (depth > maxDepth) throw bad(file, 'its includes go round in a circle');
  const text = await readText(file);
  let parsed: Parsed;
  try {
    parsed = parse(text);
  } catch (thrown) {
    throw bad(file, thrown instanceof Error ? thrown.message : String(thrown));
  }
  return await linesOf(parsed, home, depth);
}

async function linesOf(parsed: Parsed, home: string, depth: number): Promise<ConfigLine[]> {
  const lines: ConfigLine[] = [];
  for (const line of parsed) {
    if (line.type !== LineType.DIRECTIVE) continue;
    const key = line.param.toLowerCase();
    const words = wordsOf(line.value as Value);
    const inside = 'config' in line ? await linesOf(line.config, home, depth) : [];
    if (key === 'host') lines.push({ kind: 'host', patterns: words, lines: inside });
    else if (key === 'match' && 'criteria' in line) {
      const criteria = Object.entries(line.criteria).map(
        ([name, value]) => [name.toLowerCase(), wordsOf(value as Value)] as const,
      );
      lines.push({ kind: 'match', criteria, lines: inside });
    } else if (key === 'include') {
      for (const pattern of words) {
        for (const file of await included(pattern, home)) {
          lines.push(...(await readConfigLines(file, home, depth + 1)));
        }
      }
    } else lines.push({ kind: 'set', key, words });
  }
  return lines;
}

/** Files that an include stands for, in the order of their names; wildcards in the last part only. */
async function included(pattern: string, home: string): Promise<string[]> {
  const expanded = pattern.startsWith('~/') ? join(home, pattern.slice(2)) : pattern;
  const path = isAbsolute(expanded) ? expanded : join(home, '.ssh', expanded);
  if (!/[*?]/.test(path)) return [path];
  const folder = dirname(path);
  const last = path.slice(folder.length + 1);
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => wildcardMatches(last, name))
      .toSorted()
      .map((name) => join(folder, name));
  } catch {
    // no such folder: ssh includes nothing either
    return [];
  }
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > maxBytes) throw bad(file, 'it is larger than 1 MB');
    return bytes.toString('utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    if (code === undefined || thrown instanceof Error === false || !('errno' in thrown)) throw thrown;
    throw bad(file, `it cannot be read (${code})`);
  }
}

const bad = (file: string, why: string): Error =>
  userError({
    code: 'bad-ssh-config',
    message: `${file} cannot be used: ${why}.`,
    subject: file,
    hint: 'Type the host instead, or mend the file: ssh -G HOST says what ssh makes of it.',
  });
