import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { formatBytes } from '#shared/base/bytes.ts';
import type { Clock } from '#shared/base/clock.ts';
import { errorInfo, StemmaError } from '#shared/base/errors.ts';
import type { ComputerConfig, TestStep } from '#shared/contract/areas/computers.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { counted } from '#shared/provenance/summary.ts';
import { schedulers } from '../schedulers/schedulers.ts';
import { SchedulerSession } from '../schedulers/session.ts';
import { shellQuote } from '../shell/quote.ts';
import { commandFailed } from '../shell/remote-errors.ts';
import type { Transport } from '../transport.ts';
import { fillTemplate, freeBytes, remoteAccount } from '../work-directory.ts';
import { findNoiseScript, noiseHint } from './noise.ts';

/** What the steps after the login are tried on. */
export interface Checked {
  readonly config: ComputerConfig;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** `ok` where no state is given. */
export type Outcome = Pick<TestStep, 'words'> & Partial<Pick<TestStep, 'state' | 'output' | 'hint'>>;

const rounds = 3;
const slowShellMs = 1500;
const littleSpace = 1_000_000_000;
const skewLimitMs = 60_000;

/** What a command costs (ms, the best of three), and whether login scripts print into it. */
export async function checkShell(at: Checked): Promise<Outcome> {
  const times: number[] = [];
  // some scripts print by chance, or on some machines of several: each other text once
  const texts = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const answer = await at.transport.exec({ what: 'a command', script: ':', signal: at.signal });
    times.push(answer.ms);
    if (answer.noise.trim() !== '') texts.add(answer.noise.trim());
  }
  const ms = Math.min(...times);
  const words = `a command takes ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  const noise = [...texts].join('\n');
  if (noise !== '') {
    const found = await at.transport.exec({
      what: 'the look into login scripts',
      script: findNoiseScript(noise),
      signal: at.signal,
    });
    return {
      state: 'warning',
      words: `the login shell prints text; ${words}`,
      output: noise,
      hint: noiseHint(found.stdout),
    };
  }
  if (ms > slowShellMs) {
    return {
      state: 'warning',
      words: `silent, but ${words}`,
      hint: 'A login script takes its time (often “module load”): every step of every job will wait for it.',
    };
  }
  return { words: `silent; ${words}` };
}

/**
 * Version and queue of the scheduler, and whether the shell of job scripts is there. @throws StemmaError as a look at
 * the queue does
 */
export async function checkScheduler(at: Checked): Promise<Outcome> {
  const scheduler = schedulers[at.config.scheduler];
  const session = new SchedulerSession((request) => at.transport.exec(request));
  const ask = { what: `the test of ${scheduler.name}`, signal: at.signal };
  const answer = await session.run({ ...ask, script: scheduler.probe.script });
  if (answer.exitCode !== 0) scheduler.readListing(answer);
  const { script, input = new Uint8Array(0) } = scheduler.list([]);
  const { jobs } = scheduler.readListing(await session.run({ ...ask, script, input }));
  const [version = '', ...more] = answer.stdout.trim().split('\n');
  const active = [...jobs.values()].filter(({ state }) => state !== 'done').length;
  const queue =
    at.config.scheduler === 'core.direct' ? [] : [`${counted(active, 'job')} of yours in the queue`];
  const interpreter = await interpreterFault(at);
  const words = [version, ...more, ...queue].join('; ');
  return interpreter === null ? { words } : { state: 'warning', words, hint: interpreter };
}

/** What is wrong with the shebang; null where nothing is. */
async function interpreterFault(at: Checked): Promise<string | null> {
  const [program = ''] = at.config.shebang.slice(2).trim().split(/\s+/);
  const name = program.split('/').at(-1) ?? '';
  if (name === 'env') return null;
  if (!/^(ba|da|z|k|a|mk)?sh\d*$/.test(name)) {
    return `Job scripts are written for sh, bash and their kin; “${at.config.shebang}” will not understand them.`;
  }
  const { stdout } = await at.transport.exec({
    what: 'the look at the shell of job scripts',
    script: `if [ -x ${shellQuote(program)} ]; then echo yes; fi`,
    signal: at.signal,
  });
  return stdout === 'yes\n' ? null : `There is no ${program} there, with which job scripts begin.`;
}

/**
 * The work directory of the configuration with `{username}` and `{home}` filled in. @throws StemmaError
 * `remote-missing`
 */
export async function workRoot(at: Checked): Promise<string> {
  const account = await remoteAccount(at.transport, at.signal);
  return fillTemplate(at.config.workDirectory, account);
}

/** Bytes; or why that is not known, for the end of a sentence. */
async function freeSpace(at: Checked, root: string): Promise<number | string> {
  try {
    return (await freeBytes(at.transport, root, at.signal)) ?? '';
  } catch (thrown) {
    return `: ${errorInfo(thrown).message}`;
  }
}

/** Makes the directory and writes in it. @throws StemmaError with the cause where that fails */
export async function checkWorkDirectory(at: Checked, root: string): Promise<Outcome> {
  const d = shellQuote(root);
  const answer = await at.transport.exec({
    what: 'the work directory',
    script: `mkdir -p ${d} && cd ${d} && t=.stemma-test-$$ && echo text > "$t" && rm "$t"`,
    signal: at.signal,
  });
  const free = await freeSpace(at, root);
  const space =
    typeof free === 'number' ? `; ${formatBytes(free)} free` : `; how much is free is not known${free}`;
  if (answer.exitCode !== 0) {
    const error = commandFailed('Writing to the work directory', answer.exitCode, answer.stderr, root);
    throw new StemmaError({ ...error, message: `${error.message} (${root}${space})` });
  }
  if (typeof free === 'number' && free < littleSpace) {
    return {
      state: 'warning',
      words: `${root} can be written to${space}`,
      hint: 'That is little. Clean up, or choose a work directory on a larger file system.',
    };
  }
  return { words: `${root} can be written to${space}` };
}

/**
 * Sends 1 MB and a name that is hard on a shell, fetches both, and compares hashes. @throws StemmaError where they
 * differ
 */
export async function checkRoundTrip(at: Checked, root: string): Promise<Outcome> {
  const directory = `${root}/.stemma-test-${randomBytes(6).toString('hex')}`;
  const contents = [randomBytes(1_000_000), Buffer.from('a name with blanks, quotes and more\n')];
  const paths = ['data.bin', `a 'file' & "more" ü.txt`];
  const files = contents.map((bytes, index) => ({
    path: paths[index] ?? '',
    hash: sha256(bytes),
    size: bytes.length,
    executable: false,
  }));
  const started = at.clock.monotonic();
  let failure: unknown = null;
  try {
    const open = (file: (typeof files)[number]): Readable =>
      Readable.from([contents[files.indexOf(file)] ?? Buffer.alloc(0)]);
    await at.transport.upload({
      directory,
      files,
      open: open as (file: { readonly path: string }) => Readable,
      keepIf: [],
      signal: at.signal,
    });
    const manifest = await at.transport.manifest(directory, ['*'], at.signal);
    const returned: ObjectHash[] = [];
    const receive = async (_: unknown, content: Readable): Promise<void> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk as Uint8Array);
      returned.push(sha256(Buffer.concat(chunks)));
    };
    await at.transport.fetch(directory, manifest.files, receive, at.signal);
    if (
      returned.toSorted().join(' ') !==
      files
        .map(({ hash }) => hash)
        .toSorted()
        .join(' ')
    ) {
      throw commandFailed('The round trip', 1, 'What came back is not what was sent.', directory);
    }
  } catch (thrown) {
    failure = thrown ?? new Error('the round trip ended for no reason');
  }
  const left = await tidyUp(at, directory);
  if (failure !== null) throw left === null ? failure : withHint(failure, left);
  const ms = Math.round(at.clock.monotonic() - started);
  const size = formatBytes(contents.reduce((sum, { length }) => sum + length, 0));
  const words = `${size} there and back in ${ms} ms; the hashes are equal`;
  return left === null ? { words } : { state: 'warning', words, hint: left };
}

/** Also where the test was stopped. @returns what was left behind, and why; null where nothing was */
async function tidyUp(at: Checked, directory: string): Promise<string | null> {
  const left = (why: string): string => `The test could not take away ${directory} again: ${why}`;
  try {
    const script = `rm -rf ${shellQuote(directory)}`;
    const { exitCode, stderr } = await at.transport.exec({ what: 'tidying up', script });
    return exitCode === 0 ? null : left(stderr.trim() || `rm ended with exit code ${exitCode}`);
  } catch (thrown) {
    return left(errorInfo(thrown).message);
  }
}

function withHint(thrown: unknown, more: string): unknown {
  if (!(thrown instanceof StemmaError)) return thrown;
  const hint = [thrown.hint, more].filter((one) => one !== undefined && one !== '').join(' ');
  return new StemmaError({ ...thrown, message: thrown.message, hint });
}

/** How far the clock there is ahead, taken against the middle of the question. */
export async function checkClock(at: Checked): Promise<Outcome> {
  const before = at.clock.now();
  const answer = await at.transport.exec({ what: 'the time', script: 'date +%s.%N', signal: at.signal });
  const now = before + (at.clock.now() - before) / 2;
  // `%N` is GNU's; elsewhere whole seconds are what there is
  const theirs = Number(answer.stdout.trim().replace(/\.?N?$/, '')) * 1000;
  if (!(theirs > 0)) throw commandFailed('Asking for the time', answer.exitCode, answer.stdout);
  const skew = theirs - now;
  const words = `${(Math.abs(skew) / 1000).toFixed(1)} s ${skew < 0 ? 'behind' : 'ahead'}`;
  if (Math.abs(skew) < skewLimitMs) return { words };
  return {
    state: 'warning',
    words,
    hint: 'Stemma does not mind; times that you see of jobs are by that clock. Its administrators should know.',
  };
}

const sha256 = (bytes: Uint8Array): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as string as ObjectHash;
