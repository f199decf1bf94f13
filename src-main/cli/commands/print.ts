import type { World } from '../world.ts';

/** The form for scripts (`--json`), on stdout. */
export const printJson = (world: World, value: unknown): void =>
  world.out(`${JSON.stringify(value, null, 2)}\n`);

/** Columns padded to their longest cell; control characters of foreign text shown as �, so that none acts here. */
export function printTable(world: World, rows: readonly (readonly (string | number)[])[]): void {
  const cells = rows.map((row) => row.map((cell) => String(cell).replaceAll(/\p{Cc}/gu, '\uFFFD')));
  const widths: number[] = [];
  for (const row of cells) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  for (const row of cells) {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    world.out(`${line.trimEnd()}\n`);
  }
}
