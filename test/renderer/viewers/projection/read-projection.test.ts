import { describe, expect, it } from 'vitest';
import { groupsOf, readOrbitals } from '#renderer/viewers/projection/read-projection.ts';

const orbital = (l: number, m: number) => ({
  kind_name: 'C',
  angular_momentum: l,
  magnetic_number: m,
  radial_nodes: 0,
});

/** As `readPyJson` gives them: without a prototype. */
const stored = (...orbitals: readonly object[]) => ({
  orbital_dicts: orbitals.map((one) => Object.assign(Object.create(null) as object, one)) as never,
});

describe('the orbitals of a ProjectionData', () => {
  it('have the letters of their shells', () => {
    const read = readOrbitals(stored(orbital(0, 0), orbital(1, 2), orbital(2, 4), orbital(3, 6)));
    expect(read.map(({ shell }) => shell)).toEqual(['s', 'p', 'd', 'f']);
    expect(read[1]?.name).toBe('C py');
  });

  it('are hybrids where l is below 0, as in Wannier90, and not summed with the shells', () => {
    const read = readOrbitals(
      stored(orbital(-1, 0), orbital(-2, 1), orbital(-3, 3), orbital(-4, 0), orbital(-5, 5), orbital(1, 0)),
    );
    expect(read.map(({ shell }) => shell)).toEqual(['sp', 'sp2', 'sp3', 'sp3d', 'sp3d2', 'p']);
    expect([...groupsOf(read, 'shell').keys()]).toContain('C sp');
    expect(groupsOf(read, 'shell').get('C p')).toHaveLength(1);
  });

  it('keep a number that is no shell', () => {
    expect(readOrbitals(stored(orbital(9, 0)))[0]?.shell).toBe('l = 9');
  });
});
