import { enter } from '../shell/enter.ts';
import { commandFailed } from '../shell/remote-errors.ts';
import type { Transport } from '../transport.ts';

/** More files are not told: a person chooses from a list. */
const mostFiles = 2000;

/**
 * Plain files of a work directory with their sizes in bytes, by path; hidden ones, which are ours, are left out, and so
 * are names with a newline.
 * @throws StemmaError `remote-missing`, `command-failed`
 */
export async function remoteList(
  transport: Transport,
  directory: string,
  signal: AbortSignal,
): Promise<{ readonly files: { readonly path: string; readonly size: number }[]; readonly isCut: boolean }> {
  const answer = await transport.exec({
    what: 'the files of a work directory',
    script: `
${enter(directory)}
each='for f do printf "%s %s\\n" "$(($(wc -c < "$f")))" "$f"; done'
export each
if find . -maxdepth 0 -printf '' >/dev/null 2>&1; then
  find . -name '.?*' -prune -o -type f -printf '%s %p\\n'
else
  find . -name '.?*' -prune -o -type f -exec sh -c 'eval "$each"' sh {} +
fi 2>/dev/null | head -n ${mostFiles + 1}
`,
    maxOutput: (mostFiles + 1) * 4200,
    signal,
  });
  if (answer.exitCode !== 0)
    throw commandFailed('Listing the work directory', answer.exitCode, answer.stderr, directory);
  const files = answer.stdout.split('\n').flatMap((line) => {
    const [, size, path] = /^(\d+) \.\/(.+)$/.exec(line) ?? [];
    return path === undefined ? [] : [{ path, size: Number(size) }];
  });
  return {
    files: files.slice(0, mostFiles).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    isCut: files.length > mostFiles,
  };
}
