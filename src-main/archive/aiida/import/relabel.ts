import { refused } from './import-log.ts';

/** As AiiDA names what clashes: `label (Imported #0)` up to `#99`. @throws StemmaError `import-refused` */
export function freeLabel(label: string, isTaken: (label: string) => boolean): string {
  if (!isTaken(label)) return label;
  for (let i = 0; i < 100; i++) {
    const candidate = `${label} (Imported #${i})`;
    if (!isTaken(candidate)) return candidate;
  }
  throw refused(label, `the label “${label}” is taken, and so are a hundred others like it.`);
}
