/** One character of a pattern: what it may stand for; null is any text, also none. */
export type PatternPart = ((character: string) => boolean) | null;

/**
 * Whether a text is what a pattern with wildcards says, all of it. A later wildcard may take less where that is needed,
 * an earlier one never has to: so it takes at most as many steps as the product of both lengths, where a regular
 * expression with twenty `.*` would take for ever.
 */
export function matchesParts(text: string, parts: readonly PatternPart[]): boolean {
  let at = 0;
  let part = 0;
  let wildcard = -1;
  let taken = 0;
  while (at < text.length) {
    const next = parts[part];
    if (next === null) {
      wildcard = part++;
      taken = at;
    } else if (next?.(text.charAt(at)) === true) {
      at++;
      part++;
    } else if (wildcard >= 0) {
      at = ++taken;
      part = wildcard + 1;
    } else return false;
  }
  while (parts[part] === null) part++;
  return part === parts.length;
}

/** Only that character. */
export const exactly =
  (wanted: string): ((character: string) => boolean) =>
  (character) =>
    character === wanted;
