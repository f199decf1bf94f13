/**
 * The main process of the product, with a profile of its own, as a child that may crash, hang or swell: whoever started
 * it looks. Each file goes the way of a person: what it is, a look inside, the preview, the import, the check.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readArchiveInfo } from '#main/cli/read-archive-info.ts';
import { openCommandCore } from '#main/cli/core-for-commands.ts';
import type { CommandCore } from '#main/cli/world.ts';
import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import { walk } from './walk.ts';

export interface VictimTask {
  readonly file: string;
  /** Imported before; null for an empty profile. */
  readonly prime: string | null;
}

export interface StepReport {
  readonly step: string;
  /** null where it went well. */
  readonly error: ErrorInfo | null;
  readonly ms: number;
}

export type FromVictim =
  | { readonly kind: 'ready' }
  | { readonly kind: 'step'; readonly step: string }
  | {
      readonly kind: 'report';
      readonly steps: readonly StepReport[];
      /** What the check of the profile found. */
      readonly problems: readonly string[];
      /** What lies in the cache although nothing runs. */
      readonly leftovers: readonly string[];
      /** Whether a refused import has changed what is in the profile. */
      readonly changed: string | null;
      readonly read: { readonly nodes: number; readonly files: number; readonly arrays: number };
    };

const profiles = process.argv[2];
if (profiles === undefined) throw new Error('The folder for profiles is missing.');
const send = (message: FromVictim): void => void process.send?.(message);

let core: CommandCore | null = null;
let directory = '';
let count = 0;
/** Something was imported: the next one needs a new profile. */
let used = true;

async function freshCore(): Promise<CommandCore> {
  if (core !== null && !used) return core;
  await core?.close();
  if (directory !== '') rmSync(directory, { recursive: true, force: true });
  directory = join(profiles ?? '', `profile-${count++}`);
  mkdirSync(directory, { recursive: true });
  core = await openCommandCore(directory);
  used = false;
  return core;
}

async function importInto({ client, files }: CommandCore, file: string): Promise<void> {
  const { handle } = await files.offer(file);
  used = true;
  for await (const item of client.listen('archives.import', { file: handle })) void item;
}

async function countsOf({ client }: CommandCore): Promise<string> {
  const { total } = await client.call('nodes.find', { filter: '', limit: 1 });
  const groups = await client.listen('groups.list', {}).next();
  return `${total} nodes, ${groups.done === true ? 0 : groups.value.length} groups`;
}

async function run({ file, prime }: VictimTask): Promise<FromVictim> {
  const steps: StepReport[] = [];
  const step = async (name: string, work: () => Promise<unknown>): Promise<boolean> => {
    send({ kind: 'step', step: name });
    const since = performance.now();
    let error: ErrorInfo | null = null;
    try {
      await work();
    } catch (thrown) {
      error = errorInfo(thrown);
    }
    steps.push({ step: name, error, ms: Math.round(performance.now() - since) });
    return error === null;
  };
  send({ kind: 'step', step: 'a new profile' });
  const open = await freshCore();
  const { client, files } = open;
  // one of an old version, which is not imported, is as good as none
  if (prime !== null) await step('prime', () => importInto(open, prime));
  const before = await countsOf(open);
  const read = { nodes: 0, files: 0, arrays: 0 };

  await step('info', () => readArchiveInfo(file, new AbortController().signal));
  let source: string | null = null;
  await step('open', async () => {
    const { handle } = await files.offer(file);
    ({ source } = await client.call('archives.open', { file: handle }));
  });
  if (source !== null) {
    const opened: string = source;
    await walk(client, opened, step, read);
    await step('close', () => client.call('archives.close', { source: opened }));
  }
  await step('preview', async () => {
    const { handle } = await files.offer(file);
    await client.call('archives.previewImport', { file: handle });
  });
  const imported = await step('import', () => importInto(open, file));
  const after = await countsOf(open);
  if (imported) await walk(client, 'profile', step, read);
  let problems: readonly string[] = [];
  await step('check', async () => {
    const report = await client.call('app.check', { readObjects: true });
    problems = report.problems.map(({ code, subject, message }) => `${code} ${subject}: ${message}`);
  });
  if (!imported && prime === null && after === before) used = false;
  return {
    kind: 'report',
    steps,
    problems,
    // a note of an import that was stopped stays, so that its files need not be copied again
    leftovers: readdirSync(join(directory, 'cache')).filter(
      (name) => !/^import-[0-9a-f]{32}\.json$/.test(name),
    ),
    changed: imported || after === before ? null : `${before}, and after a refused import ${after}`,
    read,
  };
}

process.on('message', (task: VictimTask) => {
  void run(task).then(send, (thrown: unknown) => {
    // nothing of this may throw: it is as good as a crash
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
    process.exit(70);
  });
});
process.on('disconnect', () => process.exit());
send({ kind: 'ready' });
