import type { ConnectionState } from '#shared/contract/areas/computers.ts';

/** How the connection to a computer looks and what it is called, in the status bar and wherever else it is shown. */
export const connectionLooks: Readonly<
  Record<
    ConnectionState,
    { readonly words: string; readonly tone: 'good' | 'busy' | 'waiting' | 'bad' | 'off' }
  >
> = {
  idle: { words: 'not connected, nothing to do', tone: 'off' },
  connecting: { words: 'connecting', tone: 'busy' },
  connected: { words: 'connected', tone: 'good' },
  waiting: { words: 'unreachable, tried again by itself', tone: 'waiting' },
  'needs-you': { words: 'needs you', tone: 'bad' },
  paused: { words: 'paused by you', tone: 'off' },
};

/** What a computer's place in a list says: its connection, or why it has none. */
export type ComputerState = ConnectionState | 'disabled' | 'not-set-up';

export const computerStates = [
  'connected',
  'connecting',
  'idle',
  'waiting',
  'needs-you',
  'paused',
  'disabled',
  'not-set-up',
] as const satisfies readonly ComputerState[];

interface ComputerLook {
  readonly word: string;
  /** A path in a box of 16 x 16, filled by the even-odd rule; no two share a silhouette. */
  readonly glyph: string;
  readonly colour: string;
}

const ring = 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2Zm0 1.7a4.3 4.3 0 1 1 0 8.6a4.3 4.3 0 1 1 0-8.6Z';

export const computerLooks: Readonly<Record<ComputerState, ComputerLook>> = {
  // A full disc.
  connected: {
    word: 'Connected',
    glyph: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2Z',
    colour: 'var(--tone-success)',
  },
  // A ring that is half full.
  connecting: {
    word: 'Connecting',
    glyph: `${ring}M8 3.7v8.6a4.3 4.3 0 0 0 0-8.6Z`,
    colour: 'var(--tone-info)',
  },
  // A ring.
  idle: { word: 'Not connected', glyph: ring, colour: 'var(--text-faint)' },
  // A disc with a slit: the line is cut.
  waiting: {
    word: 'Unreachable',
    glyph: 'M7 2.1a6 6 0 0 0 0 11.8ZM9 2.1a6 6 0 0 1 0 11.8Z',
    colour: 'var(--tone-warning)',
  },
  // A diamond with an exclamation mark.
  'needs-you': {
    word: 'Needs you',
    glyph: 'M8 .8 15.2 8 8 15.2.8 8ZM7.1 4.2l.3 4.6h1.2l.3-4.6ZM8 9.8a1 1 0 1 0 0 2a1 1 0 1 0 0-2Z',
    colour: 'var(--tone-danger)',
  },
  // Two bars.
  paused: { word: 'Paused', glyph: 'M4 2.6h2.9v10.8H4ZM9.1 2.6H12v10.8H9.1Z', colour: 'var(--state-paused)' },
  // A barred ring.
  disabled: {
    word: 'Disabled',
    glyph:
      'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13Zm0 1.7a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 1 1 0-9.6ZM4.4 5.7 5.7 4.4l5.9 5.9-1.3 1.3Z',
    colour: 'var(--text-faint)',
  },
  // Three dots: something is still to be filled in.
  'not-set-up': {
    word: 'Not set up',
    glyph:
      'M3 6.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2ZM8 6.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2ZM13 6.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2Z',
    colour: 'var(--text-faint)',
  },
};
