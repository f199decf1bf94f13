/** Patterns of process types as they are typed: one on each line. */
export function patternsOf(text: string): { readonly patterns: string[]; readonly error: string } {
  const patterns = [
    ...new Set(
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    ),
  ];
  const blank = patterns.find((pattern) => /\s/.test(pattern));
  if (blank !== undefined)
    return { patterns, error: `“${blank}” has a blank in it: one pattern on each line.` };
  const long = patterns.find((pattern) => pattern.length > 300);
  if (long !== undefined) return { patterns, error: 'A pattern has at most 300 characters.' };
  return { patterns, error: patterns.length > 200 ? 'At most 200 patterns.' : '' };
}
