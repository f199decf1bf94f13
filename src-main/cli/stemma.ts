// The command `stemma`: this file wires the outside to the commands, and nothing else.
import { errorInfo, errorLine } from '#shared/base/errors.ts';
import { defaultProfileDirectory } from '../profile/folder.ts';
import { version } from '../version.ts';
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
  // each is loaded when it is needed: what archives need is a small part of the whole core
  async openCore(profile) {
    const { openCommandCore } = await import('./core-for-commands.ts');
    return openCommandCore(profile);
  },
  async openArchives(profile) {
    const { openArchives } = await import('./core-for-archives.ts');
    return openArchives(profile);
  },
  async readArchiveInfo(file, aborted) {
    const { readArchiveInfo } = await import('./read-archive-info.ts');
    return readArchiveInfo(file, aborted);
  },
  async serve(request) {
    const { serveProfile } = await import('./core-for-commands.ts');
    return serveProfile(request, { out, signal });
  },
});
