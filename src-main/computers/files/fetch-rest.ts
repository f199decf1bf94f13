import { PassThrough, type Readable } from 'node:stream';
import { enter } from '../shell/enter.ts';
import { shellQuote } from '../shell/quote.ts';
import { commandFailed } from '../shell/remote-errors.ts';
import type { WantedFile } from '../transport.ts';
import type { CommandRunner } from './command-runner.ts';
import { drained, nameList } from './tar.ts';

/** What follows the first `from` bytes of the file whose name comes on standard input; of a link, what is behind it. */
const restScript = (quoted: string, from: number): string => `
${enter(quoted)}
xargs -0 tail -c +${from + 1}
`;

const toolMissing = 127;

/**
 * The rest of one file. `receive` has taken all that came when this rejects because the link was cut. A file that cannot
 * be read to its end comes short: it is another one than was listed.
 */
export async function fetchRest(
  runner: CommandRunner,
  directory: string,
  file: WantedFile & { readonly from: number },
  receive: (file: WantedFile, content: Readable) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const content = new PassThrough({ highWaterMark: 1 << 20 });
  const received = receive(file, content);
  received.catch(() => content.destroy());
  try {
    const answer = await runner.stream(
      {
        what: 'the retrieval',
        script: restScript(shellQuote(directory), file.from),
        input: Buffer.concat([...nameList([file])]),
        signal,
      },
      (bytes) => {
        if (content.destroyed) return received;
        return content.write(bytes) ? undefined : Promise.race([drained(content), received]);
      },
    );
    if (answer.exitCode === toolMissing)
      throw commandFailed('The retrieval', answer.exitCode, answer.stderr, directory);
  } finally {
    content.end();
    await received;
  }
}
