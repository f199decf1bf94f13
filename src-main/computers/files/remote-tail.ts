import { userError } from '#shared/base/errors.ts';
import { shellQuote } from '../shell/quote.ts';
import { transportError } from '../transport-error.ts';
import type { Transport } from '../transport.ts';

/** Exit status of the script where the file is not there. */
const missing = 44;

/**
 * The last bytes of a file in a work directory, and its whole size.
 * @throws StemmaError `bad-path` for a path that leads out of the directory, `remote-missing`
 */
export async function remoteTail(
  transport: Transport,
  directory: string,
  path: string,
  bytes: number,
  signal: AbortSignal,
): Promise<{ readonly size: number; readonly bytes: Uint8Array<ArrayBuffer> }> {
  if (path.startsWith('/') || path.split('/').includes('..') || path.includes('\0')) {
    throw userError({
      code: 'bad-path',
      message: `“${path}” is not inside the work directory.`,
      subject: path,
    });
  }
  const file = shellQuote(`${directory}/${path}`);
  const answer = await transport.exec({
    what: `the end of ${path}`,
    script: `[ -f ${file} ] || exit ${missing}\nwc -c < ${file} | tr -d ' ' && tail -c ${Math.floor(bytes)} < ${file}`,
    maxOutput: bytes + 1000,
    signal,
  });
  if (answer.exitCode === missing) {
    throw transportError('remote-missing', {
      message: `There is no file “${path}” in the work directory (yet).`,
      subject: `${directory}/${path}`,
    });
  }
  const newline = answer.bytes.indexOf(0x0a);
  const size = Number(new TextDecoder().decode(answer.bytes.subarray(0, newline)));
  if (answer.exitCode !== 0 || newline < 0 || !Number.isSafeInteger(size)) {
    throw transportError('command-failed', {
      message: `“${path}” could not be read: ${answer.stderr.trim()}`,
      subject: `${directory}/${path}`,
    });
  }
  return { size, bytes: new Uint8Array(answer.bytes.subarray(newline + 1)) };
}
