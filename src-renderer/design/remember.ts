/**
 * Small things that a window keeps on this machine: widths of columns, recent filters. Whatever is read back is
 * checked by `parse`, because an older version may have written it; storage that is full or forbidden loses only comfort.
 */
const prefix = 'stemma.';

/** Null where nothing is kept, or what is kept is none of ours any more. */
export function recall<T>(key: string, parse: (stored: unknown) => T | null): T | null {
  try {
    const text = localStorage.getItem(prefix + key);
    return text === null ? null : parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Nothing says that it worked: what must not be lost is kept by the core. @param value as JSON */
export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // Full or forbidden: the page works without.
  }
}

/** For `recall`: a list of texts. */
export const asTexts = (stored: unknown): readonly string[] | null =>
  Array.isArray(stored) && stored.every((item) => typeof item === 'string') ? stored : null;
