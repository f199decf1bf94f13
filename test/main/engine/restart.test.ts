import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewProcess } from '#main/engine/create-process.ts';
import { readIterations } from '#main/handlers/process-page/iterations.ts';
import { iterationsAttribute } from '#shared/process/iteration-record.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import {
  EngineWorld,
  int,
  list,
  openSharedRooms,
  random,
  shellDefaults,
  text,
  until,
  type SharedRooms,
} from './engine-world.ts';

let shared: SharedRooms;
let world: EngineWorld;

beforeAll(async () => {
  shared = await openSharedRooms([new URL('./test-restarts.ts', import.meta.url).href]);
  expect(shared.plugins.problems).toEqual([]);
});
afterAll(() => shared.close());
beforeEach(() => {
  world = new EngineWorld(shared);
});
afterEach(() => world.close());

type Inputs = NewProcess['inputs'];

const dict = (value: object) => ({
  nodeType: NodeType.dict,
  attributes: JSON.stringify(value),
  label: '',
  files: [],
});
const bool = (value: boolean) => ({
  nodeType: NodeType.bool,
  attributes: JSON.stringify({ value }),
  label: '',
  files: [],
});

const limits = (): Inputs => ({
  max_iterations: int(5),
  on_unhandled_failure: text('restart_once'),
  pause_on_max_iterations: bool(false),
});

/** What a form fills in for `core.shell.restart`. */
const shellRestart = (more: Inputs = {}): Promise<Uuid> =>
  world.launch('core.shell.restart', {
    shell__code: { uuid: world.code },
    ...Object.fromEntries(Object.entries(shellDefaults).map(([name, node]) => [`shell__${name}`, node])),
    walltime_factor: int(2),
    memory_factor: int(2),
    max_node_failures: int(3),
    retry_exit_codes: list(),
    ask_exit_codes: list(),
    ...limits(),
    ...more,
  });

const untilFive = (more: Inputs = {}): Promise<Uuid> =>
  world.launch('test.until-five', {
    add__code: { uuid: world.code },
    add__x: int(1),
    add__y: int(2),
    goal: int(5),
    ...limits(),
    ...more,
  });

const iterations = (uuid: Uuid) => readIterations(world.attributes(uuid)[iterationsAttribute]);
const end = async (uuid: Uuid) => {
  await world.engine.ended(uuid);
  const { exit_status: status, exit_message: message } = world.attributes(uuid);
  return { status, message };
};
const ran = (): number => [...world.cluster.runs.values()].reduce((sum, times) => sum + times, 0);

/** The processes that a workflow called, by the label of the call. */
function called(uuid: Uuid): Record<string, Record<string, unknown>> {
  return world.store.engine.transaction((tx) => {
    const node = tx.nodeByUuid(uuid);
    const links = node === null ? [] : tx.outgoing(node.id).filter(({ type }) => type.startsWith('call'));
    return Object.fromEntries(
      links.map(({ label, target }) => [label, JSON.parse(tx.node(target)?.attributes ?? '{}') as object]),
    ) as Record<string, Record<string, unknown>>;
  });
}

const report = (uuid: Uuid): readonly string[] =>
  world.reports(world.store.nodeId(uuid) as NodeId).map(({ message }) => message);

async function answer(uuid: Uuid, choice: string): Promise<void> {
  const asked = (): string | undefined => {
    const state = world.engine.state(uuid);
    return state?.kind === 'workflow' ? Object.keys(state.questions ?? {})[0] : undefined;
  };
  await until(() => asked() !== undefined);
  await world.engine.tell(uuid, { kind: 'answered', label: asked() ?? '', choice, by: 'Ada' });
}

describe('a restart workflow', () => {
  it('runs a good process once, and gives its outputs', async () => {
    const uuid = await untilFive({ add__x: int(3) });
    expect(await end(uuid)).toMatchObject({ status: 0 });
    expect(world.outputs(uuid)).toMatchObject({ sum: 5, iteration_01: 'ArithmeticAddCalculation' });
    expect(iterations(uuid)).toMatchObject([
      {
        iteration: 1,
        exit_status: 0,
        considered: ['not_enough'],
        handler: null,
        action: 'done',
        changes: [],
      },
    ]);
  });

  it('changes inputs until a result is good enough, and gives the last outputs', async () => {
    const uuid = await untilFive();
    expect(await end(uuid)).toMatchObject({ status: 0 });
    expect(Object.keys(called(uuid))).toEqual(['iteration_01', 'iteration_02', 'iteration_03']);
    expect(world.outputs(uuid)['sum']).toBe(5);
    expect(iterations(uuid).map(({ action, says, changes }) => [action, says, changes])).toEqual([
      ['change', '3 is not enough', [{ name: 'x', before: '1', after: '2' }]],
      ['change', '4 is not enough', [{ name: 'x', before: '2', after: '3' }]],
      ['done', '', []],
    ]);
    expect(report(uuid)).toEqual([
      'Iteration 1 ended with exit status 0. not_enough: 3 is not enough (x 1 → 2)',
      'Iteration 2 ended with exit status 0. not_enough: 4 is not enough (x 2 → 3)',
      'Good after 3 iterations.',
    ]);
  });

  it('ends with 401 after as many runs as it may make, unless a person lets it go on', async () => {
    expect(await end(await untilFive({ max_iterations: int(2) }))).toEqual({
      status: 401,
      message: 'It ran 2 times, which is the limit. The last run ended with exit status 0.',
    });
    expect(ran()).toBe(2);
    const asking = await untilFive({ max_iterations: int(1), pause_on_max_iterations: bool(true) });
    await answer(asking, 'more');
    await answer(asking, 'stop');
    expect(await end(asking)).toMatchObject({ status: 401 });
    expect(Object.keys(called(asking))).toEqual(['iteration_01', 'iteration_02']);
  });

  it('switches handlers on and off and changes their order, as a launch says', async () => {
    const unreadable = { cause: 'done', files: { 'aiida.out': 'nothing' } } as const;
    world.cluster.endings.push(unreadable, unreadable);
    expect(await end(await untilFive())).toMatchObject({ status: 402 });
    world.cluster.endings.push(unreadable);
    const on = await untilFive({ handler_overrides: dict({ unreadable: { enabled: true } }) });
    expect(await end(on)).toEqual({ status: 420, message: 'Without the sum it is of no use.' });
    const off = await untilFive({ handler_overrides: dict({ not_enough: { enabled: false } }) });
    expect(await end(off)).toMatchObject({ status: 0 });
    expect(iterations(off)).toMatchObject([{ considered: [], action: 'done' }]);
  });

  it('says what is wrong with options and overrides before it runs', async () => {
    const complaints = await world.validate('test.until-five', {
      add__code: { uuid: world.code },
      add__x: int(1),
      add__y: int(2),
      goal: int(5),
      ...limits(),
      options: dict({ max_wallclock_seconds: -3, resources: { num_machines: 0 }, queue_name: 'a b' }),
      handler_overrides: dict({ nobody: {} }),
    });
    expect(complaints).toEqual({
      'options.max_wallclock_seconds': 'Must be 1 or more.',
      'options.resources.num_machines': 'Must be 1 or more.',
      'options.queue_name': 'Must have letters, digits and _ . : @ % + , = / - only.',
      handler_overrides: 'There is no handler “nobody”. There are: not_enough, unreadable.',
    });
  });

  it('ends with 301 when its process breaks off, and with 302 when that is killed', async () => {
    const broken = await world.launch('test.breaking', { breaks__x: int(1), ...limits() });
    expect(await end(broken)).toEqual({
      status: 301,
      message: 'Iteration 1 broke off: Error: a defect',
    });
    world.jobs.faults.holdJobs = true;
    const killed = await untilFive();
    await until(() => world.cluster.jobs.size > 0);
    const child = [...world.engine.states()].find(({ kind }) => kind === 'job')?.uuid as Uuid;
    await until(() => world.engine.state(child)?.activity.words === 'running');
    await world.engine.tell(child, { kind: 'kill', by: 'a person' });
    expect(await end(killed)).toEqual({ status: 302, message: 'Iteration 1 was killed.' });
  });

  it('is killed with the run that it waits for', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await untilFive();
    await until(() => world.cluster.jobs.size > 0);
    await world.engine.tell(uuid, { kind: 'kill', by: 'a person' });
    await world.engine.ended(uuid);
    expect(world.attributes(uuid)['process_state']).toBe('killed');
    expect([...world.cluster.jobs.values()].map(({ cancelled }) => cancelled)).toEqual([true]);
  });

  it('loses no iteration and makes none twice, whenever the engine is killed', async () => {
    const uuids = await Promise.all([
      ...Array.from({ length: 3 }, () => untilFive()),
      ...Array.from({ length: 3 }, () =>
        shellRestart({ options: dict({ max_wallclock_seconds: 60 }), shell__restart_files: list('c') }),
      ),
    ]);
    world.cluster.endings.push(...Array.from({ length: 4 }, () => ({ cause: 'walltime' }) as const));
    for (let i = 0; i < 8; i++) {
      await new Promise((resolve) => setTimeout(resolve, Math.floor(random.next() * 40)));
      await world.kill();
    }
    const ends = await Promise.all(uuids.map(end));
    const records = uuids.map((uuid) => iterations(uuid));
    for (const [i, uuid] of uuids.entries()) {
      const calls = Object.values(called(uuid)).length;
      expect(records[i]?.map(({ iteration }) => iteration)).toEqual(
        Array.from({ length: calls }, (_, n) => n + 1),
      );
      expect(ends[i]?.status, JSON.stringify(records[i])).toBe(
        records[i]?.at(-1)?.action === 'done' ? 0 : 402,
      );
    }
    expect(new Set(world.cluster.runs.values())).toEqual(new Set([1]));
    expect(ran()).toBe(records.flat().length);
    expect(world.store.engine.runs()).toEqual([]);
  });
});

describe('a failure that no handler knows', () => {
  const failing = (times: number) =>
    world.cluster.endings.push(
      ...Array.from({ length: times }, () => ({ cause: 'done', status: 3 }) as const),
    );

  it('is met with one more run, and twice in a row with 402', async () => {
    failing(2);
    const uuid = await shellRestart();
    expect(await end(uuid)).toEqual({
      status: 402,
      message: 'No handler knows what to do about exit status 400: The command ended with exit status 3.',
    });
    expect(iterations(uuid).map(({ action }) => action)).toEqual(['again', 'unhandled']);
  });

  it('is forgiven once', async () => {
    failing(1);
    const uuid = await shellRestart();
    expect(await end(uuid)).toMatchObject({ status: 0 });
    expect(ran()).toBe(2);
  });

  it('ends it at once where the launch says so', async () => {
    failing(1);
    expect(await end(await shellRestart({ on_unhandled_failure: text('abort') }))).toMatchObject({
      status: 402,
    });
    expect(ran()).toBe(1);
  });

  it('is put before a person where the launch says so', async () => {
    failing(2);
    const uuid = await shellRestart({ on_unhandled_failure: text('pause') });
    await answer(uuid, 'again');
    await world.kill();
    await answer(uuid, 'stop');
    expect(await end(uuid)).toEqual({ status: 411, message: 'Ada ended it after iteration 2.' });
    expect(iterations(uuid).map(({ answer: given }) => given?.choice)).toEqual(['again', 'stop']);
  });
});

describe('the handlers that every restart can use', () => {
  const walltimes = (uuid: Uuid) =>
    Object.values(called(uuid)).map(({ max_wallclock_seconds: seconds }) => seconds);

  it('ask for more walltime, up to the limit, and go on from the folder where there is something to go on from', async () => {
    world.cluster.endings.push({ cause: 'walltime' }, { cause: 'walltime' }, { cause: 'walltime' });
    const uuid = await shellRestart({
      options: dict({ max_wallclock_seconds: 3600 }),
      max_walltime: int(10_000),
      shell__restart_files: list('checkpoint'),
    });
    expect(await end(uuid)).toMatchObject({ status: 0 });
    expect(walltimes(uuid)).toEqual([3600, 7200, 10_000, 10_000]);
    const [first, , third] = iterations(uuid);
    expect(first).toMatchObject({
      exit_status: 120,
      handler: 'out_of_walltime',
      action: 'restart-from-folder',
      says: 'More walltime, 7200 s instead of 3600 s, from where it was',
      changes: [
        { name: 'options.max_wallclock_seconds', before: '3600', after: '7200' },
        { name: 'restart_folder', before: null, after: expect.stringMatching(/^\/scratch\//) as unknown },
      ],
    });
    expect(third?.changes.map(({ name }) => name)).toEqual(['restart_folder']);
    const plans = [...world.cluster.uploads.values()].map(({ remoteCopies }) => remoteCopies);
    const folders = [...world.cluster.uploads.keys()];
    expect(plans).toEqual([
      [],
      ...[0, 1, 2].map((at) => [{ from: `${folders[at]}/checkpoint`, to: 'checkpoint', optional: true }]),
    ]);
  });

  it('give up on walltime when it may not grow and nothing was kept', async () => {
    world.cluster.endings.push({ cause: 'walltime' });
    const uuid = await shellRestart({ options: dict({ max_wallclock_seconds: 60 }), max_walltime: int(60) });
    expect(await end(uuid)).toEqual({
      status: 410,
      message:
        'The handler out_of_walltime gave up: 60 s of walltime were not enough, and more are not allowed.',
    });
  });

  it('ask for more memory, then for more machines, then give up', async () => {
    world.cluster.endings.push(...Array.from({ length: 4 }, () => ({ cause: 'memory' }) as const));
    const uuid = await shellRestart({
      options: dict({ max_memory_kb: 1000, resources: { num_machines: 1 } }),
      max_memory: int(2000),
      max_machines: int(4),
    });
    expect(await end(uuid)).toMatchObject({ status: 410 });
    const asked = Object.values(called(uuid)).map(({ max_memory_kb: memory, resources }) => [
      memory,
      resources,
    ]);
    expect(asked).toEqual([
      [1000, { num_machines: 1 }],
      [2000, { num_machines: 1 }],
      [2000, { num_machines: 2 }],
      [2000, { num_machines: 4 }],
    ]);
  });

  it('run again after a failed node, at most as often as is said', async () => {
    world.cluster.endings.push(
      { cause: 'node-failure' },
      { cause: 'node-failure' },
      { cause: 'node-failure' },
    );
    const uuid = await shellRestart({ max_node_failures: int(2) });
    expect(await end(uuid)).toMatchObject({ status: 410 });
    expect(iterations(uuid).map(({ action }) => action)).toEqual(['again', 'again', 'give-up']);
  });

  it.each([
    ['account', 'invalid_account'],
    ['refused', 'submission_refused'],
  ] as const)(
    'give up at once when the submission is refused (%s), with the words of the scheduler',
    async (cause, by) => {
      world.cluster.endings.push({ cause });
      const uuid = await shellRestart();
      const { status, message } = await end(uuid);
      expect([status, message]).toEqual([410, expect.stringContaining('sbatch: error')]);
      expect(iterations(uuid)).toMatchObject([{ handler: by, action: 'give-up' }]);
    },
  );

  it('ask a person about a job that was cancelled on the cluster', async () => {
    world.cluster.endings.push({ cause: 'cancelled' });
    const uuid = await shellRestart();
    await answer(uuid, 'again');
    expect(await end(uuid)).toMatchObject({ status: 0 });
    expect(iterations(uuid)[0]).toMatchObject({
      handler: 'cancelled_outside',
      action: 'again',
      answer: { choice: 'again', by: 'Ada' },
    });
    expect(world.attributes(uuid)['answers']).toMatchObject([{ by: 'Ada', choice: 'again' }]);
  });
});

describe('core.shell.restart', () => {
  it('runs again after the exit codes that a person lists', async () => {
    world.cluster.endings.push(...Array.from({ length: 3 }, () => ({ cause: 'done', status: 1 }) as const));
    const uuid = await shellRestart({ retry_exit_codes: list(400) });
    expect(await end(uuid)).toMatchObject({ status: 0 });
    expect(iterations(uuid).map(({ handler }) => handler)).toEqual([
      'retry_exit_codes',
      'retry_exit_codes',
      'retry_exit_codes',
      null,
    ]);
  });

  it('asks about the exit codes that a person lists', async () => {
    world.cluster.endings.push({ cause: 'done', status: 127 });
    const uuid = await shellRestart({ ask_exit_codes: list(401) });
    await answer(uuid, 'stop');
    expect(await end(uuid)).toEqual({ status: 411, message: 'Ada ended it after iteration 1.' });
  });
});
