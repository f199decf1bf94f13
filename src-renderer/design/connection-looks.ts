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
