import type { Crystal, CrystalFigures, Periodic } from '#shared/structure/crystal.ts';
import { plural } from '#renderer/model/count-words.ts';
import { fixed } from './figure-text.ts';

/** As the end of “It repeats …”. */
export function repeatWords(periodic: Periodic): string {
  const names = ['a', 'b', 'c'].filter((_, i) => periodic[i] === true);
  if (names.length === 3) return 'in all three directions';
  return names.length === 0 ? 'not at all: a molecule' : `along ${names.join(' and ')}`;
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
