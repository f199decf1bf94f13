/**
 * Keys as text. A stroke is `[Mod+][Ctrl+][Alt+][Shift+]Key`, where Key is `KeyboardEvent.key` and Mod is Cmd on a Mac
 * and Ctrl elsewhere; a binding is one or more strokes with blanks between: `g p`. Shift is not written for a key that
 * it produces (`?`, not `Shift+/`), because where that lies depends on the keyboard.
 */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const isPrintable = (key: string): boolean => [...key].length === 1;

/** The stroke of a key press in its one canonical spelling. */
export function strokeOf(press: KeyPress, mac: boolean): string {
  const mod = mac ? press.metaKey : press.ctrlKey;
  const ctrl = mac && press.ctrlKey;
  const letter = isPrintable(press.key) ? press.key.toLowerCase() : press.key;
  const isLetter = isPrintable(press.key) && press.key.toLowerCase() !== press.key.toUpperCase();
  const shift = press.shiftKey && (!isPrintable(press.key) || isLetter || press.key === ' ');
  const parts = [
    mod && 'Mod',
    ctrl && 'Ctrl',
    press.altKey && 'Alt',
    shift && 'Shift',
    letter === ' ' ? 'Space' : letter,
  ];
  return parts.filter((part) => part !== false).join('+');
}

/** The strokes of a binding, spelt as `strokeOf` does. */
export const strokesOf = (binding: string): readonly string[] => binding.split(' ').map(canonical);

function canonical(stroke: string): string {
  const parts = stroke.split('+');
  // `+` itself splits into two empty parts.
  const key = stroke === '+' || stroke.endsWith('++') ? '+' : (parts.at(-1) ?? '');
  const has = (name: string): boolean => parts.slice(0, -1).includes(name);
  const names = (['Mod', 'Ctrl', 'Alt', 'Shift'] as const).filter(has);
  return [...names, isPrintable(key) ? key.toLowerCase() : key].join('+');
}

/** Whether a binding is made of plain characters only: off in text fields, and where a person switched them off. */
export const isSingleKey = (binding: string): boolean =>
  strokesOf(binding).every(
    (stroke) => isPrintable(stroke) || stroke === 'Space' || /^Shift\+.$/.test(stroke),
  );

const signs: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};
const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Enter: '↩' };

/** Each stroke of a binding as the caps to draw: `[['Ctrl', 'K']]`, on a Mac `[['⌘', 'K']]`. */
export function keyCaps(binding: string, mac: boolean): readonly (readonly string[])[] {
  return strokesOf(binding).map((stroke) => {
    const key = stroke.endsWith('+') ? '+' : (stroke.split('+').at(-1) ?? '');
    const modifiers = stroke
      .slice(0, stroke.length - key.length)
      .split('+')
      .filter((part) => part !== '');
    return [...modifiers, key].map((part) => {
      if (mac && part in macSigns) return macSigns[part] ?? part;
      if (part === 'Mod') return 'Ctrl';
      if (part in signs) return signs[part] ?? part;
      return modifiers.length > 0 || part.length > 1 ? part.charAt(0).toUpperCase() + part.slice(1) : part;
    });
  });
}

/** Whether this machine spells its keys as a Mac does. */
export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
