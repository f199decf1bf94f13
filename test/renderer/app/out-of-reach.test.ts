import { describe, expect, it } from 'vitest';
import type { AppStatus } from '#shared/contract/areas/app.ts';
import { outOfReach, outOfReachWords } from '#renderer/app/frame/out-of-reach.ts';

type Computer = AppStatus['computers'][number];

const granite: Computer = {
  uuid: 'g',
  label: 'granite',
  connection: 'waiting',
  message: 'granite.example.org, port 22, does not answer. Since 10:32; next try in 02:00.',
  jobs: 0,
  waiting: 41,
  unreachableSince: new Date(2026, 0, 2, 10, 32).getTime(),
  nextAttempt: null,
};

describe('the banner of a computer that holds up work', () => {
  it('says since when, and how many jobs wait', () => {
    expect(outOfReachWords(granite)).toEqual({
      what: 'granite is unreachable since 10:32',
      whom: '41 jobs wait for it',
    });
    expect(outOfReachWords({ ...granite, waiting: 1, jobs: 2 }).whom).toBe(
      '1 job waits for it; 2 jobs in its queue cannot be seen',
    );
  });

  it('says what a person is wanted for', () => {
    const asks = { ...granite, connection: 'needs-you', message: 'A password is needed for ada.' } as const;
    expect(outOfReachWords(asks).what).toBe('granite needs you: A password is needed for ada');
  });

  it('is there only where work is held up, and not where the person has paused it', () => {
    const shown = (changes: Partial<Computer>): boolean =>
      outOfReach([{ ...granite, ...changes }]).length > 0;
    expect(shown({})).toBe(true);
    expect(shown({ waiting: 0, jobs: 3 })).toBe(true);
    expect(shown({ waiting: 0 })).toBe(false);
    expect(shown({ connection: 'paused' })).toBe(false);
    expect(shown({ connection: 'connected' })).toBe(false);
  });
});
