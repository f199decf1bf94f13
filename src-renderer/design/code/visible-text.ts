/**
 * Text of a file or a cluster as it may be shown: what would move the cursor, ring, or turn the direction of writing
 * becomes a visible sign. Nothing of it can act on the page or deceive the eye (after CVE-2021-42574).
 */
const pattern =
  // C0 without tab, DEL, C1, zero width, directional marks, embeddings, overrides, isolates, separators, BOM
  /[\0-\x08\n-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function sign(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
}

/** One line: a line break becomes a sign too. */
export const visibleText = (text: string): string => text.replaceAll(pattern, sign);

/**
 * Log text for reading: colours of terminals (SGR) are taken out, and of a line that a program wrote over and over
 * (`\r`, as progress bars do) the last state stays, as a terminal would show it.
 */
export function terminalText(text: string): string {
  return text
    .replaceAll(/\x1b\[[0-9;:]*m/g, '')
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\n]*\r(?=[^\n])/g, '');
}
