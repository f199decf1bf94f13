import type { RunState } from '#main/engine/state.ts';
import { waitsForPerson } from '../world/person.ts';
import type { World } from '../world/world.ts';

/**
 * Liveness: once nothing fails any more, everything ends or waits for a person and says so.
 * @param decided whether the person has decided about everything that waited
 */
export function checkLiveness(world: World, decided: boolean): void {
  const { core, chronicle } = world;
  if (core === null) {
    chronicle.broken('liveness', 'The core does not run.');
    return;
  }
  for (const state of core.engine.states()) {
    const { words, reason } = state.activity;
    const described = `${state.kind} ${state.uuid} is “${words}” (${reason})`;
    if (decided || !mayWait(world, state)) {
      chronicle.broken(
        'liveness',
        `${described} after a day without any fault: ${JSON.stringify(state).slice(0, 1500)}`,
      );
    } else if (words === '' || (waitsForPerson(state) && reason === '' && words.length < 4)) {
      chronicle.broken('liveness', `${described}, which says nothing.`);
    }
  }
}

/** It waits for a person, or for something that it called and that does. */
export function mayWait(world: World, state: RunState): boolean {
  if (waitsForPerson(state)) return true;
  if (state.kind !== 'workflow') return false;
  const children = new Set(Object.values(state.waiting));
  for (const other of world.core?.engine.states() ?? []) {
    if (other.caller !== null && children.size > 0 && world.processId(state.uuid) === other.caller.process) {
      if (mayWait(world, other)) return true;
    }
  }
  return false;
}
