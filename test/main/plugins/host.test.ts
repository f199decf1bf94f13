import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openPluginHost, type OpenPluginHost } from '#main/plugins/host.ts';
import type {
  NodeForPlugin,
  ObjectStore,
  PluginInputs,
  WorkflowAnswer,
  WorkflowAsk,
} from '#main/engine/ports.ts';
import { operationalError } from '#shared/base/errors.ts';
import type { ObjectHash, Uuid } from '#shared/provenance/ids.ts';

const uuid = '00000000-0000-4000-8000-000000000001' as Uuid;
const node = (nodeType: string, attributes: string, more: Partial<NodeForPlugin> = {}): NodeForPlugin => ({
  uuid,
  nodeType,
  label: '',
  attributes,
  files: [],
  computer: null,
  ...more,
});
const int = (value: number): NodeForPlugin => node('data.core.int.Int.', `{"value": ${value}}`);
const code = node('data.core.code.installed.InstalledCode.', '{"filepath_executable": "/bin/bash"}', {
  computer: uuid,
});

/** Objects in memory, named a fake: the repository has tests of its own. */
const objects: ObjectStore = {
  putBytes: () => Promise.reject(new Error('not needed')),
  putMany: (items) =>
    Promise.resolve(items.map(({ length }) => ({ hash: 'a'.repeat(64) as ObjectHash, size: length }))),
  sizes: () => Promise.reject(new Error('not needed')),
  bytes: (hash) => Promise.resolve(new TextEncoder().encode(hash.startsWith('a') ? 'content' : '')),
};

let host: OpenPluginHost;
const { signal } = new AbortController();
const run = (plugin: string, inputs: PluginInputs = {}) => host.runFunction(plugin, inputs, signal);

const modules = [
  new URL('./misbehaving.ts', import.meta.url).href,
  new URL('./missing.ts', import.meta.url).href,
];

beforeAll(async () => {
  host = await openPluginHost({ objects, modules, threads: 1, limits: { memoryMb: 64 } });
});

/** A host that waits for nobody, for code that never gives back. */
async function impatient(): Promise<OpenPluginHost> {
  const limits = { functionMs: 1500, workflowMs: 800 };
  const short = await openPluginHost({ objects, modules, threads: 1, limits });
  onTestFinished(() => short.close());
  return short;
}
afterAll(() => host.close());

describe('the catalog', () => {
  it('has the built-in processes and those of further modules, and names a module that cannot be loaded', () => {
    const ids = host.specs().map(({ id }) => id);
    expect(ids).toContain('core.arithmetic.add');
    expect(ids).toContain('test.throws');
    expect(host.problems.join()).toContain('missing.ts');
  });
});

describe('a calculation function', () => {
  it('gets values and gives data, an integer as Int and a fraction as Float', async () => {
    const inputs = { x: int(3), y: node('data.core.float.Float.', '{"value": 0.5}') };
    const outcome = await run('core.arithmetic.multiply', inputs);
    expect(outcome).toMatchObject({ kind: 'outputs', outputs: { result: { attributes: '{"value": 1.5}' } } });
    const whole = await run('core.arithmetic.multiply', { x: int(3), y: int(4) });
    expect(whole).toMatchObject({
      outputs: { result: { nodeType: 'data.core.int.Int.', attributes: '{"value": 12}' } },
    });
  });

  it('that throws gives its error with the stack', async () => {
    const outcome = await run('test.throws');
    expect(outcome).toMatchObject({ kind: 'threw', error: 'TypeError: the plugin has a defect' });
    expect(outcome.kind === 'threw' && outcome.stack).toContain('misbehaving.ts');
  });

  it('that never returns is stopped, and the next one runs', async () => {
    const short = await impatient();
    const stopped = { kind: 'stopped', why: 'time' };
    expect(await short.runFunction('test.never-returns', {}, signal)).toMatchObject(stopped);
    expect(await short.runFunction('test.never-resolves', {}, signal)).toMatchObject(stopped);
    const next = await short.runFunction('core.arithmetic.multiply', { x: int(2), y: int(2) }, signal);
    expect(next.kind).toBe('outputs');
  });

  it('that eats all memory is stopped without harm to us', async () => {
    expect(await run('test.eats-memory')).toMatchObject({ kind: 'stopped', why: 'memory' });
    expect((await run('core.arithmetic.multiply', { x: int(2), y: int(2) })).kind).toBe('outputs');
  });

  it('that returns something that is no data is told so', async () => {
    expect(await run('test.returns-nonsense')).toMatchObject({ kind: 'threw' });
  });

  it('ends with an exit code and its message filled in', async () => {
    expect(await run('test.exits', { n: int(9) })).toMatchObject({
      kind: 'exit',
      status: 401,
      message: '9 is too large.',
    });
  });

  it('sees no environment', async () => {
    expect(await run('test.environment')).toMatchObject({ outputs: { out: { attributes: '{"value": 0}' } } });
  });

  it('reads the files of its inputs', async () => {
    const file = node('data.core.singlefile.SinglefileData.', '{"filename": "a.txt"}', {
      files: [['a.txt', 'a'.repeat(64) as ObjectHash]],
    });
    expect(await run('test.reads', { file })).toMatchObject({
      outputs: { out: { attributes: '{"value": 7}' } },
    });
  });

  it('that is not installed any more is named', async () => {
    expect(await run('test.gone')).toMatchObject({
      kind: 'threw',
      error: expect.stringContaining('test.gone') as string,
    });
  });

  it('rejects when it is cancelled, running or waiting', async () => {
    const abort = new AbortController();
    const both = Promise.allSettled([
      host.runFunction('test.never-resolves', {}, abort.signal),
      host.runFunction('test.never-resolves', {}, abort.signal),
    ]);
    abort.abort(new Error('enough'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await run('core.arithmetic.multiply', { x: int(2), y: int(2) })).kind).toBe('outputs');
  });
});

describe('preparation', () => {
  it('gives files, runs and what to retrieve', async () => {
    const prepared = await host.prepare('core.arithmetic.add', { code, x: int(1), y: int(2) }, uuid, signal);
    expect(prepared).toMatchObject({
      kind: 'prepared',
      calculation: { retrieve: ['aiida.out'], runs: [{ code: uuid, stdin: 'aiida.in' }] },
    });
  });

  it('that would write outside of the work directory is refused', async () => {
    expect(await host.prepare('test.bad-path', { code }, uuid, signal)).toMatchObject({ kind: 'threw' });
  });
});

describe('a workflow', () => {
  const outcomeOf = (ask: WorkflowAsk): Promise<WorkflowAnswer> =>
    Promise.resolve(
      ask.kind === 'call'
        ? {
            kind: 'outcome',
            state: 'finished',
            inputs: {},
            uuid,
            ok: true,
            exitStatus: 0,
            exitMessage: '',
            outputs: { out: int(1) },
          }
        : { kind: 'number', value: 1 },
    );

  it('asks for its steps one after the other and returns the UUIDs of nodes', async () => {
    const labels: string[] = [];
    const outcome = await host.runWorkflow(
      'test.counts',
      { n: int(3) },
      (ask) => {
        if (ask.kind === 'call') labels.push(ask.label);
        return outcomeOf(ask);
      },
      signal,
    );
    expect(labels).toEqual(['step_0', 'step_1', 'step_2']);
    expect(outcome).toEqual({ kind: 'outputs', outputs: { out: uuid } });
  });

  it('ends with a failing exit status when a step fails and it does not care', async () => {
    const failed: WorkflowAnswer = {
      kind: 'outcome',
      state: 'finished',
      inputs: {},
      uuid,
      ok: false,
      exitStatus: 401,
      exitMessage: 'no',
      outputs: {},
    };
    const outcome = await host.runWorkflow(
      'test.counts',
      { n: int(1) },
      () => Promise.resolve(failed),
      signal,
    );
    expect(outcome).toMatchObject({
      kind: 'exit',
      status: 1,
      message: expect.stringContaining('step_0') as string,
    });
  });

  it('with one label for two steps is told so', async () => {
    const outcome = await host.runWorkflow('test.same-label', {}, outcomeOf, signal);
    expect(outcome).toMatchObject({ kind: 'threw', error: expect.stringContaining('label “a”') as string });
  });

  it('that never gives back is stopped, and the others run on', async () => {
    const short = await impatient();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const asks: string[] = [];
    const waiting = short.runWorkflow(
      'test.counts',
      { n: int(2) },
      async (ask) => {
        if (ask.kind === 'call') asks.push(ask.label);
        if (ask.kind === 'call' && ask.label === 'step_1') await held;
        return outcomeOf(ask);
      },
      signal,
    );
    const spinning = await short.runWorkflow('test.spins', {}, outcomeOf, signal);
    expect(spinning).toMatchObject({ kind: 'stopped', why: 'time' });
    release();
    expect(await waiting).toEqual({ kind: 'outputs', outputs: { out: uuid } });
    // it ran again from its first line, which asks for its first step again
    expect(asks.filter((label) => label === 'step_0')).toHaveLength(2);
  });
});

describe('a disk that fails while plugin code reads', () => {
  it('is no fault of the plugin: the work is to be done again', async () => {
    const failed = operationalError({ code: 'disk-error', message: 'The disk failed to read.' });
    const broken = await openPluginHost({
      objects: { ...objects, bytes: () => Promise.reject(failed) },
      threads: 1,
    });
    const end = { exitStatus: 0, schedulerExit: null };
    const retrieved = [['aiida.out', 'a'.repeat(64) as ObjectHash]] as const;
    const parsed = broken.parse(
      'core.arithmetic.add',
      { x: int(1), y: int(2), code },
      retrieved,
      end,
      signal,
    );
    await expect(parsed).rejects.toMatchObject({ code: 'disk-error', family: 'operational' });
    await broken.close();
  });
});
