/**
 * How well a text fits what was typed. Every word that was typed must occur: best as a beginning of a word, then
 * inside one, last as scattered letters in order. Higher is better; null does not fit.
 */
export function fuzzyScore(text: string, typed: string): number | null {
  const haystack = text.toLowerCase();
  let score = 0;
  for (const word of typed.toLowerCase().split(/\s+/)) {
    if (word === '') continue;
    const found = wordScore(haystack, word);
    if (found === null) return null;
    score += found;
  }
  // Among equals the shorter text, which the typed part is more of.
  return score - haystack.length / 1000;
}

function wordScore(text: string, word: string): number | null {
  const at = text.indexOf(word);
  if (at === 0) return 12 + word.length;
  if (at > 0) {
    const starts = text.indexOf(` ${word}`) >= 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? ' ');
    if (starts) return 9 + word.length;
    // Two letters stand inside of almost everything.
    if (word.length > 2) return 5 + word.length;
    return null;
  }
  return scattered(text, word);
}

/** Letters in order, with a bonus for those that begin a word: `gtq` finds `Go to Queue`. */
function scattered(text: string, word: string): number | null {
  if (word.length < 2) return null;
  let score = 0;
  let from = 0;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at < 0) return null;
    const begins = at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? ' ');
    score += begins ? 1.5 : at === from ? 1 : 0.2;
    from = at + 1;
  }
  // Letters strewn over a sentence fit everything: at least half must sit well.
  return score >= word.length * 0.75 ? score / 2 : null;
}

/**
 * The items that fit, best first; equals keep their order.
 * @param more other words by which an item is found, which count for less than its text
 */
export function fuzzyFilter<Item>(
  items: readonly Item[],
  typed: string,
  textOf: (item: Item) => string,
  more?: (item: Item) => string,
): readonly Item[] {
  if (typed.trim() === '') return items;
  const lesser = 10;
  const scoreOf = (item: Item): number | null => {
    const own = fuzzyScore(textOf(item), typed);
    if (own !== null || more === undefined) return own;
    const wide = fuzzyScore(`${textOf(item)} ${more(item)}`, typed);
    return wide === null ? null : wide - lesser;
  };
  return items
    .map((item, place) => ({ item, place, score: scoreOf(item) }))
    .filter((entry) => entry.score !== null)
    .toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0) || a.place - b.place)
    .map(({ item }) => item);
}
