// The command `stemma`: this file wires the outside to the commands, and nothing else.
import { errorInfo, errorLine } from '#shared/base/errors.ts';
import { defaultProfileDirectory } from '../profile/folder.ts';
import { version } from '../version.ts';
import { openCommandCore, serveProfile } from './core-for-commands.ts';
import { readArchiveInfo } from './read-archive-info.ts';
import { run } from './run.ts';
import { endSignal } from './signals.ts';

const out = (text: string): void => void process.stdout.write(text);
const note = (line: string): void => void process.stderr.write(`${line}\n`);
const signal = endSignal();

// A defect: the journal makes the next start safe, going on does not. Rejections that nobody handles come here too.
process.on('uncaughtException', (thrown) => {
  note(errorLine(errorInfo(thrown)));
  process.exit(70);
});
// `stemma … | head`: whoever read us is gone.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));

process.exitCode = await run(process.argv.slice(2), {
  version,
  defaultProfile: defaultProfileDirectory(),
  out,
  note,
  signal,
  openCore: openCommandCore,
  readArchiveInfo,
  serve: (request) => serveProfile(request, { out, signal }),
});
