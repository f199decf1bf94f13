import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayStates } from '#shared/process/states.ts';
import { statesOf, toggleState } from '#renderer/model/filter-states.ts';

describe('chips of states and the text of the filter', () => {
  it('reads the states of the text', () => {
    expect(statesOf('state:failed,excepted type:workflow')).toEqual(['failed', 'excepted']);
    expect(statesOf('type:workflow')).toEqual([]);
  });

  it('adds a state to the term that is there and leaves the rest', () => {
    expect(toggleState('relax state:failed ctime>7d', 'killed')).toBe('relax state:failed,killed ctime>7d');
  });

  it('takes the term away with its last state', () => {
    expect(toggleState('relax state:failed', 'failed')).toBe('relax');
    expect(toggleState('state:failed', 'failed')).toBe('');
  });

  it('adds to a text that is no filter yet, so that nothing typed is lost', () => {
    expect(toggleState('label:', 'failed')).toBe('label: state:failed');
  });

  it('does not touch a state that stands inside of a choice', () => {
    expect(toggleState('state:failed OR relax', 'killed')).toBe('(state:failed OR relax) state:killed');
  });

  it('gives back the same states after two clicks', () => {
    const state = fc.constantFrom(...displayStates);
    fc.assert(
      fc.property(fc.uniqueArray(state), state, (before, clicked) => {
        const text = before.length === 0 ? '' : `state:${before.join(',')}`;
        const twice = toggleState(toggleState(text, clicked), clicked);
        expect(new Set(statesOf(twice))).toEqual(new Set(before));
      }),
    );
  });
});
