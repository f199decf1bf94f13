import { matchingFiles, readPathPattern } from '#shared/plugin/index.ts';

export const statusFile = '_stemma-exit-status.txt';
export const stdoutFile = 'stdout.txt';
export const stderrFile = 'stderr.txt';

/** Files of every job, and those that are outputs already: a glob does not mean them. */
const ours: ReadonlySet<string> = new Set([
  '_aiidasubmit.sh',
  '_scheduler-stdout.txt',
  '_scheduler-stderr.txt',
  statusFile,
  stdoutFile,
  stderrFile,
]);

/** Outputs that every job has, whatever its files are called. */
const reserved = ['stdout', 'stderr', 'retrieved', 'remote_folder'] as const;

/** A link label for a file: `out/energy.dat` gives `out_energy_dat`. Two files may give the same. */
function foldedLabel(path: string): string {
  const folded = path.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '');
  return /^[A-Za-z]/.test(folded) ? folded : folded === '' ? 'file' : `file_${folded}`;
}

/** A label for each file; the second of two that would have the same ends in `_2`. In the order of their names. */
export function labelFiles(paths: Iterable<string>): { readonly label: string; readonly path: string }[] {
  const taken = new Set<string>(reserved);
  return [...paths].toSorted().map((path) => {
    const folded = foldedLabel(path);
    let label = folded;
    for (let count = 2; taken.has(label); count++) label = `${folded}_${count}`;
    taken.add(label);
    return { label, path };
  });
}

/**
 * Which of the files that came back are outputs.
 * @param present paths in the retrieved folder
 * @returns `missing`: what nothing matched
 */
export function outputFiles(
  patterns: readonly string[],
  present: readonly string[],
): { readonly files: ReturnType<typeof labelFiles>; readonly missing: readonly string[] } {
  const wanted = new Set<string>();
  const missing: string[] = [];
  for (const text of patterns) {
    const pattern = readPathPattern(text);
    const found = matchingFiles(pattern, present).filter(
      (path) => pattern.kind === 'name' || !ours.has(path),
    );
    if (found.length === 0) missing.push(text);
    for (const path of found) wanted.add(path);
  }
  return { files: labelFiles(wanted), missing };
}
