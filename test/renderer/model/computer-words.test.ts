import { describe, expect, it } from 'vitest';
import { computerLooks, computerStates } from '#renderer/design/connection-looks.ts';
import { computerState } from '#renderer/model/computer-words.ts';

describe('what is shown of a computer', () => {
  it('has a word and a shape of its own for each state, so that colour is never needed', () => {
    expect(new Set(computerStates.map((state) => computerLooks[state].word)).size).toBe(
      computerStates.length,
    );
    expect(new Set(computerStates.map((state) => computerLooks[state].glyph)).size).toBe(
      computerStates.length,
    );
  });

  it('is the connection, unless it is disabled or was never set up', () => {
    const status = {
      computers: [
        {
          uuid: 'a',
          label: 'a',
          connection: 'connected' as const,
          message: '',
          jobs: 0,
          waiting: 0,
          unreachableSince: null,
          nextAttempt: null,
        },
      ],
    };
    expect(computerState({ uuid: 'a', enabled: true, configured: true }, status)).toBe('connected');
    expect(computerState({ uuid: 'a', enabled: false, configured: true }, status)).toBe('disabled');
    expect(computerState({ uuid: 'a', enabled: false, configured: false }, status)).toBe('not-set-up');
    expect(computerState({ uuid: 'b', enabled: true, configured: true }, status)).toBe('idle');
    expect(computerState({ uuid: 'a', enabled: true, configured: true }, undefined)).toBe('idle');
  });
});
