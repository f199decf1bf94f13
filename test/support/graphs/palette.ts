import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Palette, paletteOf } from '#renderer/graph/theme.ts';

/** The palette of a theme, read from the file of tokens as a browser would read it. */
export function paletteFromTokens(theme: 'light' | 'dark'): Palette {
  const css = readFileSync(path.join(import.meta.dirname, '../../../src-renderer/design/tokens.css'), 'utf8');
  const values = new Map<string, string>();
  for (const block of css.matchAll(/^:root(\[data-theme='dark'\])? \{([^}]*)\}/gm)) {
    if (block[1] !== undefined && theme === 'light') continue;
    for (const [, name, value] of (block[2] ?? '').matchAll(/(--[\w-]+):\s*([^;]+);/g)) {
      values.set(name ?? '', value ?? '');
    }
  }
  return paletteOf((property) => values.get(property) ?? '');
}
