import { describe, expect, it } from 'vitest';
import { KeySequence } from '#renderer/app/commands/key-sequence.ts';
import { isSingleKey, keyCaps, strokeOf, strokesOf, type KeyPress } from '#renderer/design/keys.ts';

const press = (key: string, ...held: ('ctrl' | 'meta' | 'alt' | 'shift')[]): KeyPress => ({
  key,
  ctrlKey: held.includes('ctrl'),
  metaKey: held.includes('meta'),
  altKey: held.includes('alt'),
  shiftKey: held.includes('shift'),
});

describe('key presses as text', () => {
  it('writes the platform’s own modifier as Mod', () => {
    expect(strokeOf(press('k', 'ctrl'), false)).toBe('Mod+k');
    expect(strokeOf(press('k', 'meta'), true)).toBe('Mod+k');
    expect(strokeOf(press('k', 'ctrl'), true)).toBe('Ctrl+k');
  });

  it('does not write Shift for a sign that needs it, but does for a letter', () => {
    expect(strokeOf(press('?', 'shift'), false)).toBe('?');
    expect(strokeOf(press('K', 'shift'), false)).toBe('Shift+k');
    expect(strokeOf(press(' ', 'shift'), false)).toBe('Shift+Space');
  });

  it('reads bindings in the same spelling', () => {
    expect(strokesOf('Mod+Shift+P')).toEqual(['Mod+Shift+p']);
    expect(strokesOf('g p')).toEqual(['g', 'p']);
    expect(strokesOf('Mod++')).toEqual(['Mod++']);
    expect(strokesOf('Alt+ArrowLeft')).toEqual(['Alt+ArrowLeft']);
  });

  it('knows which bindings are plain characters', () => {
    expect(['g p', '/', '?', 'Shift+K', 'Space'].map(isSingleKey)).toEqual([true, true, true, true, true]);
    expect(['Mod+K', 'Alt+ArrowLeft', 'Escape', 'F6', 'Enter'].map(isSingleKey)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('draws caps as the platform writes them', () => {
    expect(keyCaps('Mod+K', false)).toEqual([['Ctrl', 'K']]);
    expect(keyCaps('Mod+Shift+P', true)).toEqual([['⌘', '⇧', 'P']]);
    expect(keyCaps('g p', false)).toEqual([['g'], ['p']]);
    expect(keyCaps('Alt+ArrowLeft', false)).toEqual([['Alt', '←']]);
  });
});

describe('sequences of keys', () => {
  const bindings = [
    ['go.processes', 'g p'],
    ['go.graph', 'g g'],
    ['pause', 'p'],
  ] as const;

  it('waits for the second key', () => {
    const keys = new KeySequence();
    expect(keys.press('g', bindings, 0)).toEqual({ kind: 'pending' });
    expect(keys.press('p', bindings, 100)).toEqual({ kind: 'run', id: 'go.processes' });
    expect(keys.press('p', bindings, 200)).toEqual({ kind: 'run', id: 'pause' });
  });

  it('forgets what was begun after a pause', () => {
    const keys = new KeySequence(1000);
    keys.press('g', bindings, 0);
    expect(keys.press('p', bindings, 2000)).toEqual({ kind: 'run', id: 'pause' });
  });

  it('takes a key that does not go on for a new beginning', () => {
    const keys = new KeySequence();
    keys.press('g', bindings, 0);
    expect(keys.press('x', bindings, 10)).toEqual({ kind: 'none' });
    expect(keys.press('p', bindings, 20)).toEqual({ kind: 'run', id: 'pause' });
    keys.press('g', bindings, 30);
    expect(keys.press('g', bindings, 40)).toEqual({ kind: 'run', id: 'go.graph' });
  });

  it('gives the nearest scope the first word', () => {
    const keys = new KeySequence();
    expect(
      keys.press(
        'p',
        [
          ['near', 'p'],
          ['far', 'p'],
        ],
        0,
      ),
    ).toEqual({ kind: 'run', id: 'near' });
  });
});
