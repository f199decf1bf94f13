import { formatDuration } from '#shared/base/time.ts';
import { countWords } from '#renderer/model/count-words.ts';

/** What the codes of findings mean, for a heading; the message of each says the rest. */
const titles: Readonly<Record<string, string>> = {
  'object-missing': 'A file is missing',
  'object-damaged': 'A file is damaged',
  'object-leftover': 'An unfinished file was removed',
  'object-misnamed': 'A strange file',
  'database-damaged': 'The database is damaged',
  'reference-broken': 'A reference leads nowhere',
};

/** `link-unsealed` is said as `Link unsealed` where there are no better words. */
export function findingTitle(code: string): string {
  const known = titles[code];
  if (known !== undefined) return known;
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What to do about a report with findings in it. */
export function findingAdvice(codes: readonly string[]): string {
  const real = codes.filter((code) => code !== 'object-leftover');
  if (real.length === 0) return 'What was found has been put right. There is nothing to do.';
  if (real.every((code) => code === 'object-misnamed'))
    return 'These files are not of Stemma. Nothing refers to them, and they are left where they are.';
  return 'Keep the profile as it is and make a copy of its folder before anything else. A backup from before the damage, or an archive with the same nodes, brings the files back when it is imported.';
}

const names: Readonly<Record<string, string>> = {
  objects: 'files',
  purged: 'purged files',
  runs: 'active processes',
};

/** `172 nodes, 191 links, 10 files`; what there is none of is left out. */
export const checkedWords = (checked: Readonly<Record<string, number>>): string =>
  Object.entries(checked)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${countWords(count)} ${names[name] ?? name}`)
    .join(', ');

/** Shorter than a minute, tenths of a second say more than a clock. */
export const tookWords = (ms: number): string =>
  ms < 60_000 ? `${Math.max(0.1, ms / 1000).toFixed(1)} s` : formatDuration(ms);
