const marks = /\p{M}/gu;
const doubled: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ø: 'oe',
  å: 'aa',
  ł: 'l',
};

/** As Python's `json.dumps` writes it inside of another text. */
const escaped = (text: string): string =>
  text.replaceAll(
    /[^\0-\u007F]/g,
    (unit) => `\\u${(unit.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );

/**
 * How else programs and people write a name: composed or not (Unicode NFC, NFD), without its accents, with two letters for
 * one, escaped in JSON inside of JSON; and in capitals.
 */
export function spellings(text: string): readonly string[] {
  const composed = text.normalize('NFC');
  const plain = composed
    .replaceAll(/[äöüßÄÖÜøåł]/g, (letter) => doubled[letter] ?? letter)
    .normalize('NFD')
    .replaceAll(marks, '');
  const bare = composed.normalize('NFD').replaceAll(marks, '');
  const all = [composed, composed.normalize('NFD'), plain, bare, escaped(composed)];
  return [...new Set([...all, ...[composed, plain, bare].map((one) => one.toUpperCase())])].filter(
    (one) => one !== text,
  );
}
