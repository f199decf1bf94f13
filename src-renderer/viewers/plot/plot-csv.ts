import type { Plot, PlotLine } from './plot-lines.ts';

/** A field as RFC 4180 writes it. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const number = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? '' : String(value);

function sameX(lines: readonly PlotLine[]): boolean {
  const [first, ...others] = lines;
  return others.every(({ x }) => {
    if (x === first?.x) return true;
    if (x.length !== first?.x.length) return false;
    for (let i = 0; i < x.length; i++) if (!Object.is(x[i], first.x[i])) return false;
    return true;
  });
}

/**
 * The numbers of a plot as CSV (RFC 4180): a column for each line where all share their x, else one row for each point with
 * the name of its line. What is no finite number is left empty.
 */
export function csvOf({ lines, xTitle, yTitle }: Plot): string {
  const rows: string[] = [];
  const namesOf = lines.map(({ name }, i) => (name === '' ? `${yTitle} ${i + 1}` : name));
  if (sameX(lines)) {
    const unique = new Set(namesOf).size === namesOf.length;
    const heads = unique ? namesOf : namesOf.map((name, i) => `${name} ${i + 1}`);
    rows.push([xTitle, ...(lines.length === 1 ? [yTitle] : heads)].map(field).join(','));
    const length = lines[0]?.x.length ?? 0;
    for (let i = 0; i < length; i++) {
      rows.push([number(lines[0]?.x[i]), ...lines.map(({ y }) => number(y[i]))].join(','));
    }
  } else {
    rows.push(['line', xTitle, yTitle].map(field).join(','));
    for (const [k, { x, y }] of lines.entries()) {
      for (let i = 0; i < x.length; i++) {
        rows.push(`${field(namesOf[k] ?? '')},${number(x[i])},${number(y[i])}`);
      }
    }
  }
  return `${rows.join('\r\n')}\r\n`;
}
