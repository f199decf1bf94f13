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
import { profilePaths } from '#main/profile/folder.ts';
import type { Route } from './mutant.ts';
import { plant, type Plant } from './plant.ts';
import { changesBetween, profileState } from './profile-state.ts';
import { walk } from './walk.ts';

export interface VictimTask {
  readonly file: string;
  /** Imported before; null where the profile need not know the archive. */
  readonly prime: string | null;
  readonly route: Route;
  /** What is done on purpose, to see that it is found; null but in tests of the fuzzer. */
  readonly plant: Plant | null;
}

/** What is asked of it. `end`: it lets go of everything, and must then end by itself. */
export type ToVictim = { readonly kind: 'task'; readonly task: VictimTask } | { readonly kind: 'end' };

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
      /** What a refused import has changed in the profile; null where nothing. */
      readonly changed: string | null;
      readonly read: { readonly nodes: number; readonly files: number; readonly arrays: number };
    };

const profiles = process.argv[2];
if (profiles === undefined) throw new Error('The folder for profiles is missing.');
const send = (message: FromVictim): void => void process.send?.(message);

let core: CommandCore | null = null;
let directory = '';
let count = 0;
/** Imports that went well into this profile, and its nodes: it is checked with every file after each mutant. */
let filled = { imports: 0, nodes: 0 };
const mostImports = 10;
const mostNodes = 1500;

/** One core for many archives, as a window has it; another profile when this one has got large. */
async function presentCore(): Promise<CommandCore> {
  if (core !== null && filled.imports < mostImports && filled.nodes < mostNodes) return core;
  await closeCore();
  directory = join(profiles ?? '', `profile-${count++}`);
  mkdirSync(directory, { recursive: true });
  core = await openCommandCore(directory);
  filled = { imports: 0, nodes: 0 };
  return core;
}

async function closeCore(): Promise<void> {
  await core?.close();
  core = null;
  if (directory !== '') rmSync(directory, { recursive: true, force: true });
  directory = '';
}

async function importInto({ client, files }: CommandCore, file: string): Promise<void> {
  const { handle } = await files.offer(file);
  for await (const item of client.listen('archives.import', { file: handle })) void item;
  filled.imports++;
}

async function run({ file, prime, route, plant: planted }: VictimTask): Promise<FromVictim> {
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
  const open = await presentCore();
  const { client, files } = open;
  // one of an old version that still runs is not imported: as good as none
  if (prime !== null) await step('prime', () => importInto(open, prime));
  const read = { nodes: 0, files: 0, arrays: 0 };

  if (route.info) await step('info', () => readArchiveInfo(file, new AbortController().signal));
  let source: string | null = null;
  if (route.open) {
    await step('open', async () => {
      const { handle } = await files.offer(file);
      ({ source } = await client.call('archives.open', { file: handle }));
    });
  }
  if (source !== null) {
    const opened: string = source;
    await walk(client, opened, step, read);
    await step('close', () => client.call('archives.close', { source: opened }));
  }
  const database = profilePaths(directory).database;
  const before = profileState(database);
  if (route.preview) {
    await step('preview', async () => {
      const { handle } = await files.offer(file);
      for await (const item of client.listen('archives.previewImport', { file: handle })) void item;
    });
  }
  const imported = route.import && (await step('import', () => importInto(open, file)));
  if (planted !== null) await step('planted', () => plant(planted, { file, client, directory }));
  const after = profileState(database);
  if (imported && route.walkAgain) await walk(client, 'profile', step, read);
  let problems: readonly string[] = [];
  await step('check', async () => {
    const report = await client.call('app.check', { readObjects: true });
    problems = report.problems.map(({ code, subject, message }) => `${code} ${subject}: ${message}`);
    filled.nodes = (await client.call('nodes.find', { filter: '', limit: 1 })).total;
  });
  return {
    kind: 'report',
    steps,
    problems,
    // a note of an import that was stopped stays, so that its files need not be copied again
    leftovers: readdirSync(join(directory, 'cache')).filter(
      (name) => !/^import-[0-9a-f]{32}\.json$/.test(name),
    ),
    changed: imported ? null : changesBetween(before, after),
    read,
  };
}

process.on('message', (message: ToVictim) => {
  const work =
    message.kind === 'task' ? run(message.task).then(send) : closeCore().then(() => process.disconnect());
  void work.catch((thrown: unknown) => {
    // nothing of this may throw: it is as good as a crash
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
    process.exit(70);
  });
});
send({ kind: 'ready' });
