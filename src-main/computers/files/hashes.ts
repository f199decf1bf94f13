import { isObjectHash, type ObjectHash } from '#shared/provenance/ids.ts';
import { enter } from '../shell/enter.ts';
import { withoutDot } from './listing.ts';
import { rawPath, type RawPath } from './raw-path.ts';

/**
 * Sets `S` to whatever computes SHA-256 here: GNU and BusyBox have sha256sum, macOS and BSD shasum, most others
 * OpenSSL.
 */
export const sumTool = `
if command -v sha256sum >/dev/null 2>&1; then S=sha256sum
elif command -v shasum >/dev/null 2>&1; then S='shasum -a 256'
elif command -v openssl >/dev/null 2>&1; then S='openssl dgst -sha256 -r'
else echo 'sha256sum: command not found' >&2; exit 127; fi
`;

/** Hashes of the files whose names come on standard input, each ended by NUL. */
export const hashScript = (directory: string): string => `
${enter(directory)}
${sumTool}
xargs -0 $S
`;

/** Hashes of every file below. */
export const hashAllScript = (directory: string): string => `
${enter(directory)}
${sumTool}
find . -type f -print0 | xargs -0 $S
`;

/** Lines `<hash>  <name>`; a backslash before it says that the name has escapes (GNU coreutils). */
export function readHashes(output: Uint8Array): Map<RawPath, ObjectHash> {
  const found = new Map<RawPath, ObjectHash>();
  for (const line of rawPath(output).split('\n')) {
    const parts = /^(\\?)([0-9a-f]{64}) [ *](.+)$/s.exec(line);
    if (parts === null) continue;
    const [, escaped, hash = '', name = ''] = parts;
    const path = escaped === '\\' ? unescape(name) : name;
    if (isObjectHash(hash)) found.set(withoutDot(path as RawPath), hash);
  }
  return found;
}

const unescape = (name: string): string =>
  name.replaceAll(/\\([\\nr])/g, (_, c: string) => (c === 'n' ? '\n' : c === 'r' ? '\r' : '\\'));
