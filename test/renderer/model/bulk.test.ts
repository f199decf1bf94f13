import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '#shared/contract/areas/processes.ts';
import type { DisplayState } from '#shared/process/states.ts';
import { applies, outcomeWords, summarise } from '#renderer/model/bulk.ts';

const row = (uuid: string, state: DisplayState, computer: string): ProcessRow => ({
  uuid,
  pk: 1,
  kind: 'calculation-job',
  name: '',
  label: '',
  state,
  exitStatus: null,
  activity: { step: '', words: '', reason: '', since: null, until: null },
  computer,
  caller: null,
  ctime: 0,
  mtime: 0,
});

describe('what an action on many processes touches', () => {
  it('counts by computer and state, the most first, and leaves out what has ended', () => {
    const summary = summarise('kill', [
      row('a', 'waiting', 'granite'),
      row('b', 'finished', 'granite'),
      row('c', 'running', 'basalt'),
      row('d', 'running', 'granite'),
      row('e', 'waiting', ''),
    ]);
    expect(summary.uuids).toEqual(['a', 'c', 'd', 'e']);
    expect(summary.left).toBe(1);
    expect(summary.lines).toEqual([
      {
        computer: 'granite',
        count: 2,
        states: [
          ['waiting', 1],
          ['running', 1],
        ],
      },
      { computer: 'basalt', count: 1, states: [['running', 1]] },
      { computer: '', count: 1, states: [['waiting', 1]] },
    ]);
  });

  it('plays only what is paused, and pauses only what is not', () => {
    expect(applies('play', 'paused')).toBe(true);
    expect(applies('play', 'running')).toBe(false);
    expect(applies('pause', 'paused')).toBe(false);
    expect(applies('pause', 'failed')).toBe(false);
  });

  it('says what was done and what was not', () => {
    expect(outcomeWords('pause', 1, 0)).toBe('Paused 1 process');
    expect(outcomeWords('kill', 12, 2)).toBe('Killed 12 processes, 2 could not be');
  });
});
