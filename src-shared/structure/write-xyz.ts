import { isPeriodic, mainSymbol, type Crystal } from './crystal.ts';
import { fileNumber } from './file-number.ts';

/**
 * Extended XYZ: `Lattice`, `Properties` and `pbc` in the second line, as ASE and QUIP define it
 * (https://github.com/libAtoms/extxyz). Of a shared place the element with the largest part is written: the format
 * knows no other.
 */
export function writeXyz(crystal: Crystal): string {
  const { cell, periodic, kinds, sites } = crystal;
  const lattice = isPeriodic(crystal)
    ? `Lattice="${cell
        .flat()
        .map((part) => fileNumber(part, 10))
        .join(' ')}" `
    : '';
  const pbc = periodic.map((repeats) => (repeats && lattice !== '' ? 'T' : 'F')).join(' ');
  const lines = [String(sites.length), `${lattice}Properties=species:S:1:pos:R:3 pbc="${pbc}"`];
  for (const { kind, position } of sites) {
    const of = kinds[kind];
    const symbol = of === undefined ? 'X' : mainSymbol(of);
    lines.push(`${symbol} ${position.map((part) => fileNumber(part, 10)).join(' ')}`);
  }
  return `${lines.join('\n')}\n`;
}
