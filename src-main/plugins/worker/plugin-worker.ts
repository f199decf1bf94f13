/** The thread in which plugin code runs. It has no reference to the store, to a connection or to a secret. */
import { parentPort, workerData } from 'node:worker_threads';
import { deferred, type Deferred } from '#shared/base/deferred.ts';
import { ensure } from '#shared/base/assert.ts';
import { StemmaError } from '#shared/base/errors.ts';
import type { ProcessDefinition } from '#shared/plugin/index.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { WorkflowAnswer, WorkflowAsk } from '../../engine/ports.ts';
import * as builtin from '../builtin/index.ts';
import type { FromWorker, Task, ToWorker, WorkerData } from '../protocol.ts';
import { thrown } from './node-values.ts';
import { runTask } from './run-task.ts';
import { processSources } from './sources.ts';
import { WorkflowTurns } from './workflow-turns.ts';

const port = ensure(parentPort, 'the port of the plugin host');
const { modules, lastSlot } = workerData as WorkerData;
const slot = new Int32Array(lastSlot);
const definitions = new Map<string, ProcessDefinition>();
const reads = new Map<number, Deferred<Uint8Array>>();
/** By run and number. */
const asks = new Map<number, Map<number, Deferred<WorkflowAnswer>>>();
const slots = new Map<number, number>();
const turns = new Map<number, WorkflowTurns>();
let nextRead = 1;
let nextAsk = 1;

const send = (message: FromWorker): void => port.postMessage(message);

const isDefinition = (value: unknown): value is ProcessDefinition =>
  typeof value === 'object' && value !== null && 'spec' in value && 'code' in value;

async function load(): Promise<void> {
  const problems: string[] = [];
  const sources: (readonly [plugin: string, text: string])[] = [];
  const add = async (exported: object, url: string | null): Promise<void> => {
    const added: ProcessDefinition[] = [];
    for (const value of Object.values(exported)) {
      if (!isDefinition(value)) continue;
      if (definitions.has(value.spec.id)) {
        problems.push(`${url ?? 'Stemma'}: there is already a process ${value.spec.id}.`);
        continue;
      }
      definitions.set(value.spec.id, value);
      added.push(value);
    }
    sources.push(...(await processSources(url, added)));
  };
  await add(builtin, null);
  for (const url of modules) {
    try {
      await add((await import(/* @vite-ignore */ url)) as object, url);
    } catch (error) {
      problems.push(`${url}: ${thrown(error).error}`);
    }
  }
  // Specs cross the thread as JSON, which drops what is undefined or a function.
  const specs = [...definitions.values()].map(({ spec }) => JSON.parse(JSON.stringify(spec)) as typeof spec);
  send({ kind: 'ready', specs, sources, problems });
}

function read(hash: ObjectHash): Promise<Uint8Array> {
  const number = nextRead++;
  const bytes = deferred<Uint8Array>();
  reads.set(number, bytes);
  send({ kind: 'read', read: number, hash });
  return bytes.promise;
}

async function run(id: number, task: Task): Promise<void> {
  const definition = definitions.get(task.plugin);
  if (definition === undefined) {
    const message = `There is no plugin “${task.plugin}” here. It may have been removed since the process was launched.`;
    send({ kind: 'result', id, result: { kind: 'threw', error: message, stack: message } });
    return;
  }
  if (task.kind === 'workflow') {
    slots.set(id, task.slot);
    Atomics.store(slot, 0, task.slot);
  }
  const ask = (request: WorkflowAsk): Promise<WorkflowAnswer> => {
    const number = nextAsk++;
    const answer = deferred<WorkflowAnswer>();
    asks.get(id)?.set(number, answer);
    send({ kind: 'ask', id, number, ask: request });
    return answer.promise;
  };
  const own =
    task.kind === 'workflow' ? new WorkflowTurns((answers) => send({ kind: 'idle', id, answers })) : null;
  if (own !== null) turns.set(id, own);
  asks.set(id, new Map());
  own?.look();
  const readInTurn = own === null ? read : (hash: ObjectHash) => own.read(read(hash));
  const result = await runTask(task, { definition, read: readInTurn, ask });
  forget(id);
  try {
    send({ kind: 'result', id, result });
  } catch (error) {
    send({ kind: 'result', id, result: thrown(error) });
  }
}

function forget(id: number): void {
  slots.delete(id);
  asks.delete(id);
  turns.get(id)?.end();
  turns.delete(id);
}

function settle(id: number, number: number, give: (ask: Deferred<WorkflowAnswer>) => void): void {
  turns.get(id)?.answer(() => {
    const ask = asks.get(id)?.get(number);
    asks.get(id)?.delete(number);
    // the code of this workflow runs next: if it never gives back, the watchdog knows whose it was
    Atomics.store(slot, 0, slots.get(id) ?? -1);
    if (ask !== undefined) give(ask);
  });
}

const loaded = load();

/** What comes before the plugins are loaded waits for them, in its order: a process would be told that it has none. */
port.on('message', (message: ToWorker) => {
  if (message.kind === 'ping') send({ kind: 'pong', beat: message.beat });
  else void loaded.then(() => hear(message));
});

function hear(message: Exclude<ToWorker, { kind: 'ping' }>): void {
  switch (message.kind) {
    case 'run':
      void run(message.id, message.task);
      return;
    case 'abort':
      forget(message.id);
      return;
    case 'object':
      reads.get(message.read)?.resolve(message.bytes);
      reads.delete(message.read);
      return;
    case 'no-object':
      reads.get(message.read)?.reject(new StemmaError(message.error));
      reads.delete(message.read);
      return;
    case 'answer':
      settle(message.id, message.ask, (ask) => ask.resolve(message.answer));
      return;
    case 'refusal':
      settle(message.id, message.ask, (ask) => ask.reject(new StemmaError(message.error)));
      return;
  }
}
