import { mainSymbol, type Crystal, type CrystalFigures, type Periodic } from '#shared/structure/crystal.ts';
import { plural } from '#renderer/model/count-words.ts';
import { fixed } from './figure-text.ts';

/** As the end of “It repeats …”. */
export function repeatWords(periodic: Periodic): string {
  const names = ['a', 'b', 'c'].filter((_, i) => periodic[i] === true);
  if (names.length === 3) return 'in all three directions';
  return names.length === 0 ? 'not at all: a molecule' : `along ${names.join(' and ')}`;
}

const mostKinds = 12;

/** How many sites each kind has: `1 Fe1, 1 Fe2`; empty where each kind is called as its element. */
export function kindsWords({ kinds, sites }: Crystal): string {
  if (kinds.every((kind) => kind.name === mainSymbol(kind))) return '';
  const counts = kinds.map(() => 0);
  for (const { kind } of sites) counts[kind] = (counts[kind] ?? 0) + 1;
  const words = kinds.slice(0, mostKinds).map(({ name }, i) => `${counts[i] ?? 0} ${name}`);
  return `${words.join(', ')}${kinds.length > mostKinds ? ` and ${kinds.length - mostKinds} more` : ''}`;
}

/** The picture for who cannot see it. */
export function pictureWords(figures: CrystalFigures, { sites, periodic }: Crystal): string {
  const cell = periodic.includes(true)
    ? `, in a cell of ${figures.lengths.map((length) => fixed(length, 3)).join(' × ')} Å with angles of ${figures.angles
        .map((angle) => fixed(angle, 1))
        .join('°, ')}°`
    : '';
  return `Structure of ${figures.formula} in 3D: ${plural(sites.length, 'site', 'sites')}${cell}; repeats ${repeatWords(periodic)}`;
}
