import type { Periodic } from '#shared/structure/crystal.ts';

export function repeatWords(periodic: Periodic): string {
  const names = ['a', 'b', 'c'].filter((_, i) => periodic[i] === true);
  if (names.length === 3) return 'in all three directions';
  return names.length === 0 ? 'not at all: a molecule' : `along ${names.join(' and ')}`;
}
