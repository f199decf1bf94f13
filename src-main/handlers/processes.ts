import type { Clock } from '#shared/base/clock.ts';
import { errorInfo, userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { ProcessDetail, processesArea, WorkflowSources } from '#shared/contract/areas/processes.ts';
import { parseUuid, type ObjectHash, type Uuid } from '#shared/provenance/ids.ts';
import type { Computers } from '../computers/computers.ts';
import { remoteList } from '../computers/files/remote-list.ts';
import { remoteTail } from '../computers/files/remote-tail.ts';
import type { Transport } from '../computers/transport.ts';
import type { JournalEntry } from '../engine/commands.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineEvent } from '../engine/events.ts';
import type { PluginHost } from '../engine/ports.ts';
import type { RunState } from '../engine/state.ts';
import type { StoredProcess } from '../provenance/read-api.ts';
import type { Readers } from '../provenance/readers.ts';
import type { Changes, ProvenanceStore } from '../provenance/types.ts';
import { live } from './live.ts';
import type { ProcessFacts } from './process-page/facts.ts';
import { mayStop } from './process-page/rules.ts';
import { processPage } from './process-page/page.ts';
import { isOutOfReach } from './waiting-jobs.ts';

export interface ProcessHandlerDeps {
  readonly engine: Engine;
  readonly store: ProvenanceStore;
  readonly readers: Readers;
  readonly computers: Computers;
  readonly clock: Clock;
  readonly plugins: Pick<PluginHost, 'specs' | 'source'>;
  /** Whether a plugin of that `process_type` is installed. */
  readonly launchable: (processType: string) => boolean;
}

type Area = Omit<typeof processesArea, 'processes.table' | 'processes.cache' | 'processes.setCacheSource'>;

/** A page follows its process closely; words with a time in them move on by themselves. */
const pace = { coalesceMs: 100, refreshMs: 10_000 };

/** The page of a process, and what a person does to one: pause, play, kill, answer, rules. */
export function makeProcessHandlers(deps: ProcessHandlerDeps): Handlers<Area> {
  const { engine, computers } = deps;
  return {
    'processes.watch': ({ source, uuid }, { signal }) => watch(deps, source, parseUuid(uuid), signal),
    'processes.workflowSource': ({ source, uuid }, { signal }) => workflowSource(deps, source, uuid, signal),
    'processes.pause': ({ uuids }) => tellAll(engine, uuids, () => ({ kind: 'pause' })),
    'processes.play': ({ uuids }) => tellAll(engine, uuids, () => ({ kind: 'play' })),
    'processes.kill': ({ uuids }) =>
      tellAll(engine, uuids, (uuid) => ({
        kind: 'kill',
        by: 'a person',
        unreachable: cannotBeAsked(engine.state(uuid), computers),
      })),
    'processes.act': async ({ uuid, action }) => {
      const state = engine.state(parseUuid(uuid));
      if (!(await engine.tell(parseUuid(uuid), { kind: action }))) throw ended(uuid);
      // what waits there is held by the connection, not by the engine
      if (action === 'retry-now' && state?.kind === 'job') computers.retryNow(state.computer);
      return {};
    },
    'processes.answer': async ({ uuid, label, choice }) => {
      await answer(deps, parseUuid(uuid), label, choice);
      return {};
    },
    'processes.setRules': async ({ uuid, rules }) => {
      const own = parseUuid(uuid);
      const state = engine.state(own);
      if (state === null) throw ended(uuid);
      if (!mayStop(state)) throw noRules(uuid);
      await engine.tell(own, { kind: 'set-rules', rules, by: 'A person' });
      return {};
    },
    'processes.remoteFiles': ({ uuid }, { signal }) =>
      inDirectory(deps, parseUuid(uuid), signal, (transport, directory) =>
        remoteList(transport, directory, signal),
      ),
    'processes.remoteFile': ({ uuid, path, tailBytes, from = null }, { signal }) =>
      inDirectory(deps, parseUuid(uuid), signal, (transport, directory) =>
        remoteTail(transport, directory, path, tailBytes, signal, from),
      ),
  };
}

/** @throws StemmaError where nothing of the kind is asked (any more) */
async function answer(
  { engine, store }: ProcessHandlerDeps,
  uuid: Uuid,
  label: string,
  choice: string,
): Promise<void> {
  const state = engine.state(uuid);
  if (state === null) throw ended(uuid);
  const question = state.kind === 'workflow' ? state.questions?.[label] : undefined;
  if (question === undefined) {
    throw userError({
      code: 'not-asked',
      message: 'The question is no longer open: somebody has answered it.',
      subject: uuid,
      hint: 'The log says who did, and when.',
    });
  }
  if (!question.choices.some(({ name }) => name === choice)) {
    throw userError({
      code: 'no-such-choice',
      message: `“${choice}” is not among the answers: ${question.choices.map(({ name }) => name).join(', ')}.`,
      subject: uuid,
    });
  }
  await engine.tell(uuid, { kind: 'answered', label, choice, by: nameOf(store.user()) });
}

/** Who answers: the name of the profile's user, else the address. */
const nameOf = ({ firstName, lastName, email }: ReturnType<ProvenanceStore['user']>): string =>
  `${firstName} ${lastName}`.trim() || email;

const ended = (uuid: string): Error =>
  userError({
    code: 'has-ended',
    message: 'The process has ended.',
    subject: uuid,
    hint: 'Nothing can be done with it any more. Launch it again from its page, if it is to run once more.',
  });

const noRules = (uuid: string): Error =>
  userError({
    code: 'no-rules',
    message: 'Only a job that has not ended can have rules that stop it.',
    subject: uuid,
  });

const cannotBeAsked = (state: RunState | null, computers: Computers): boolean =>
  state?.kind === 'job' && computers.queues(state.computer).some(isOutOfReach);

async function tellAll(
  engine: Engine,
  uuids: readonly string[],
  event: (uuid: Uuid) => EngineEvent,
): Promise<{ done: number; failed: { uuid: string; message: string }[] }> {
  const failed: { uuid: string; message: string }[] = [];
  let done = 0;
  await Promise.all(
    uuids.map(async (uuid) => {
      try {
        const own = parseUuid(uuid);
        if (await engine.tell(own, event(own))) done++;
        else failed.push({ uuid, message: 'The process has ended.' });
      } catch (error) {
        failed.push({ uuid, message: errorInfo(error).message });
      }
    }),
  );
  return { done, failed };
}

function watch(
  deps: ProcessHandlerDeps,
  source: string,
  uuid: Uuid,
  signal: AbortSignal,
): AsyncIterable<ProcessDetail> {
  const { engine, store, readers, computers, clock, launchable } = deps;
  const isHere = source === 'profile';
  const concerns = (listener: () => void): (() => void) =>
    store.changes.on((changes) => {
      if (touches(changes, uuid, store)) listener();
    });
  const make = async (): Promise<ProcessDetail> => {
    const stored = await readers.source(source).reader.process({ uuid }, signal);
    if (stored === null) {
      throw userError({
        code: 'no-such-process',
        message: 'There is no process with this UUID here.',
        subject: uuid,
      });
    }
    const facts = factsOf(stored);
    const { run } = facts;
    const [queue = null] = isHere && run?.kind === 'job' ? computers.queues(run.computer) : [];
    const look = queue === null ? null : computers.lookAt(uuid);
    const rules = queue === null ? [] : computers.ruleStates(uuid);
    const turn = queue === null ? null : computers.turnOf(uuid);
    const around = { queue, look, turn, trouble: isHere ? engine.trouble : null };
    return processPage(facts, launchable(facts.processType), around, rules);
  };
  const troubles = { on: (listener: () => void): (() => void) => engine.troubles.on(() => listener()) };
  return live(clock, signal, isHere ? [{ on: concerns }, computers.changes, troubles] : [], make, pace);
}

function touches(changes: Changes, uuid: Uuid, store: ProvenanceStore): boolean {
  if (changes.everything) return true;
  const id = store.nodeId(uuid);
  return id !== null && (changes.nodes.has(id) || changes.surroundings.has(id));
}

function factsOf(stored: StoredProcess): ProcessFacts {
  return {
    ...stored,
    attributes: JSON.parse(stored.attributes) as { readonly [key: string]: unknown },
    journal: stored.journal.map(({ time, event }) => ({ time, entry: JSON.parse(event) as JournalEntry })),
    run: stored.run === null ? null : (JSON.parse(stored.run) as RunState),
  };
}

/** Longer texts are no workflows that a person wrote. */
const mostSource = 2_000_000;

async function workflowSource(
  { readers, plugins }: ProcessHandlerDeps,
  source: string,
  uuid: string,
  signal: AbortSignal,
): Promise<WorkflowSources> {
  const from = readers.source(source);
  const stored = await from.reader.process({ uuid }, signal);
  const hash = await from.reader.fileHash({ uuid, path: 'source_file' }, signal);
  const spec = plugins.specs().find(({ processType }) => processType === stored?.processType);
  const text = spec === undefined ? undefined : plugins.source?.(spec.id)?.text;
  const { version } = JSON.parse(stored?.attributes ?? '{}') as {
    readonly version?: { readonly plugin?: unknown };
  };
  const recorded =
    hash === null
      ? null
      : new TextDecoder().decode(await from.objects.read(hash as ObjectHash, 0, mostSource));
  return {
    recorded: recorded === null ? null : { text: recorded, version: String(version?.plugin ?? '') },
    installed: text === undefined || spec === undefined ? null : { text, version: spec.version },
  };
}

async function inDirectory<T>(
  { engine, computers }: ProcessHandlerDeps,
  uuid: Uuid,
  signal: AbortSignal,
  look: (transport: Transport, directory: string) => Promise<T>,
): Promise<T> {
  const state = engine.state(uuid);
  if (state?.kind !== 'job' || state.directory === null) {
    throw userError({
      code: 'no-work-directory',
      message: 'The process has no work directory to look into: it has ended, or nothing was uploaded yet.',
      subject: uuid,
    });
  }
  const { directory } = state;
  return await computers
    .runtime(state.computer)
    .use({ signal, mode: 'now' }, (transport) => look(transport, directory));
}
