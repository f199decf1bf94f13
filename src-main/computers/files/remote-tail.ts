import { userError } from '#shared/base/errors.ts';
import { shellQuote } from '../shell/quote.ts';
import { transportError } from '../transport-error.ts';
import type { Transport } from '../transport.ts';

/** Exit status of the script where the file is not there. */
const missing = 44;

/**
 * The last bytes of a file in a work directory, or at most `bytes` from `from` on, and its whole size. A file that has
 * become shorter than `from` was written anew, and is read from its beginning.
 * @throws StemmaError `bad-path` for a path that leads out of the directory, `remote-missing`
 */
export async function remoteTail(
  transport: Transport,
  directory: string,
  path: string,
  bytes: number,
  signal: AbortSignal,
  from: number | null = null,
): Promise<{ readonly size: number; readonly from: number; readonly bytes: Uint8Array<ArrayBuffer> }> {
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
    script: `[ -f ${file} ] || exit ${missing}
size=$(($(wc -c < ${file}))) || exit 1
most=${Math.floor(bytes)} from=${from === null ? '$((size > most ? size - most : 0))' : Math.floor(from)}
if [ "$size" -lt "$from" ]; then from=0; fi
echo "$size $from"
tail -c "+$((from + 1))" ${file} | head -c "$most"`,
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
  const head = /^(\d{1,15}) (\d{1,15})$/.exec(new TextDecoder().decode(answer.bytes.subarray(0, newline)));
  if (answer.exitCode !== 0 || newline < 0 || head === null) {
    throw transportError('command-failed', {
      message: `“${path}” could not be read: ${answer.stderr.trim()}`,
      subject: `${directory}/${path}`,
    });
  }
  return {
    size: Number(head[1]),
    from: Number(head[2]),
    bytes: new Uint8Array(answer.bytes.subarray(newline + 1)),
  };
}
