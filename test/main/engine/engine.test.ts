import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobState } from '#main/engine/state.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import {
  computer,
  EngineWorld,
  int,
  openSharedRooms,
  random,
  shellDefaults,
  until,
  type SharedRooms,
} from './engine-world.ts';

let shared: SharedRooms;

beforeAll(async () => {
  shared = await openSharedRooms([new URL('./test-workflows.ts', import.meta.url).href]);
});
afterAll(() => shared.close());

let world: EngineWorld;
beforeEach(() => {
  world = new EngineWorld(shared);
});
afterEach(() => world.close());

describe('a calculation function', () => {
  it('leaves its inputs, itself and its output in the graph, sealed', async () => {
    const uuid = await world.launch('core.arithmetic.multiply', { x: int(6), y: int(7) });
    await world.engine.ended(uuid);
    expect(world.outputs(uuid)).toEqual({ result: 42 });
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'finished', exit_status: 0, sealed: true });
    expect(world.store.engine.runs()).toEqual([]);
    expect(world.store.engine.effects()).toEqual([]);
  });

  it('is refused with a wrong or a missing input, and nothing is stored', async () => {
    const before = world.nodes();
    await expect(world.launch('core.arithmetic.multiply', { x: int(6) })).rejects.toMatchObject({
      code: 'bad-input',
    });
    const text = { ...int(1), nodeType: NodeType.str, attributes: '{"value": "a"}' };
    await expect(world.launch('core.arithmetic.multiply', { x: int(6), y: text })).rejects.toMatchObject({
      code: 'bad-input',
    });
    expect(world.nodes()).toBe(before);
  });

  it('that makes an output which its specification does not allow ends with exit status 10', async () => {
    const uuid = await world.launch('test.wrong-output', {});
    await world.engine.ended(uuid);
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'finished', exit_status: 10 });
  });

  it('does not fail for a disk that fails while its result is stored: that is stored later', async () => {
    world.busy = [false, 'disk-error'];
    const uuid = await world.launch('core.arithmetic.multiply', { x: int(6), y: int(7) });
    await until(() => world.engine.trouble !== null);
    expect(world.engine.trouble?.error.code).toBe('disk-error');
    await world.engine.ended(uuid);
    expect(world.outputs(uuid)['result']).toBe(42);
    expect(world.engine.trouble).toBeNull();
  });

  it('is not launched where the disk fails, and whoever launches it hears of that at once', async () => {
    world.busy = ['disk-error'];
    const launch = world.launch('core.arithmetic.multiply', { x: int(6), y: int(7) });
    await expect(launch).rejects.toMatchObject({ code: 'disk-error' });
    expect(world.store.engine.runs()).toEqual([]);
  });

  it('comes in hundreds, and each has its own result', async () => {
    const uuids = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        world.launch('core.arithmetic.multiply', { x: int(i), y: int(2) }),
      ),
    );
    await Promise.all(uuids.map((uuid) => world.engine.ended(uuid)));
    expect(uuids.map((uuid) => world.outputs(uuid)['result'])).toEqual(uuids.map((_, i) => 2 * i));
  });
});

describe('a calculation job', () => {
  const add = (x = 2, y = 3) =>
    world.launch('core.arithmetic.add', { code: { uuid: world.code }, x: int(x), y: int(y) });

  it('goes all the way and makes what AiiDA would make', async () => {
    const uuid = await add();
    await world.engine.ended(uuid);
    expect(Object.keys(world.outputs(uuid)).toSorted()).toEqual(['remote_folder', 'retrieved', 'sum']);
    expect(world.outputs(uuid)['sum']).toBe(5);
    expect(world.attributes(uuid)).toMatchObject({
      process_state: 'finished',
      exit_status: 0,
      job_id: '1000',
      parser_name: 'core.arithmetic.add',
      retrieve_list: ['aiida.out', '_scheduler-stdout.txt', '_scheduler-stderr.txt'],
    });
  });

  it('keeps a journal of what it did', async () => {
    const uuid = await add();
    await world.engine.ended(uuid);
    const id = world.store.nodeId(uuid);
    const phases = world.store.engine
      .journal(id as NodeId)
      .map(({ event }) => JSON.parse(event) as { kind: string; phase?: string })
      .filter(({ kind }) => kind === 'enter')
      .map(({ phase }) => phase);
    expect(phases).toEqual(['upload', 'submit', 'queue', 'run', 'retrieve', 'parse']);
  });

  it.each([
    ['walltime', 120],
    ['memory', 110],
    ['node-failure', 140],
    ['cancelled', 142],
  ] as const)(
    'that the scheduler ended (%s) has exit status %i, whatever is missing then',
    async (cause, status) => {
      world.cluster.endings.push({ cause }, { cause });
      const shell = await world.launch('core.shell', { code: { uuid: world.code }, ...shellDefaults });
      await world.engine.ended(shell);
      expect(world.attributes(shell)).toMatchObject({ process_state: 'finished', exit_status: status });
      const sum = await add();
      await world.engine.ended(sum);
      expect(world.attributes(sum)).toMatchObject({ process_state: 'finished', exit_status: status });
    },
  );

  it('waits for a person who must sign in, and goes on when told', async () => {
    world.jobs.faults.failures.set('upload', { code: 'auth-needed', times: 1 });
    const uuid = await add();
    await until(() => world.engine.state(uuid)?.retry?.code === 'auth-needed');
    expect(world.engine.state(uuid)?.activity.words).toBe('needs you');
    world.engine.retryComputer(computer);
    await world.engine.ended(uuid);
    expect(world.outputs(uuid)['sum']).toBe(5);
  });

  it.each(['scheduler-missing', 'remote-missing', 'remote-permission', 'remote-tool-missing'])(
    'that waits for a person because of %s goes on by itself when the computer is reached again',
    async (code) => {
      world.jobs.faults.failures.set('submit', { code, times: 1 });
      const uuid = await add();
      await until(() => world.engine.state(uuid)?.retry?.code === code);
      expect(world.engine.state(uuid)?.activity.words).toBe('needs you');
      world.engine.computerReached(computer);
      await world.engine.ended(uuid);
      expect(world.outputs(uuid)['sum']).toBe(5);
    },
  );

  it('waits while the disk here has little room, before it begins and with its results, and goes on when there is', async () => {
    world.diskIsShort = true;
    const uuid = await add();
    const short = (): boolean => world.engine.state(uuid)?.retry?.code === 'local-disk-short';
    await until(short);
    expect(world.cluster.jobs.size).toBe(0);
    world.jobs.faults.holdJobs = true;
    world.diskIsShort = false;
    world.engine.roomAgain();
    await until(() => world.engine.state(uuid)?.activity.words === 'running');
    world.diskIsShort = true;
    const state = world.engine.state(uuid);
    world.jobs.finish(state?.kind === 'job' ? state.attempt.token : '');
    const phase = (): unknown => (world.engine.state(uuid) as JobState | null)?.phase;
    await until(() => short() && phase() === 'retrieve');
    expect(world.engine.state(uuid)?.retry?.needsPerson).toBe(false);
    world.diskIsShort = false;
    world.engine.roomAgain();
    await world.engine.ended(uuid);
    expect(world.outputs(uuid)['sum']).toBe(5);
  });

  it('is paused and played', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await add();
    await until(() => world.engine.state(uuid)?.activity.words === 'running');
    await world.engine.tell(uuid, { kind: 'pause' });
    expect(world.attributes(uuid)['paused']).toBe(true);
    // its job is watched all the same, and its end waits for the play
    const state = world.engine.state(uuid);
    world.jobs.finish(state?.kind === 'job' ? state.attempt.token : '');
    await until(() => world.engine.state(uuid)?.activity.step === 'retrieve');
    expect(world.attributes(uuid)).toMatchObject({ paused: true, process_status: 'Paused by a person' });
    expect(world.outputs(uuid)).not.toHaveProperty('retrieved');
    await world.engine.tell(uuid, { kind: 'play' });
    await world.engine.ended(uuid);
    expect(world.attributes(uuid)).not.toHaveProperty('paused');
    expect(world.outputs(uuid)['sum']).toBe(5);
  });

  it('hears its events in their order, also where one of their batch is bad and the store is busy after it', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await add();
    await until(() => world.engine.state(uuid)?.activity.words === 'running');
    // the batch, which fails; the bad launch alone; then the pause, which finds the store busy
    world.busy = [false, false, true];
    const bad = world.launch('core.arithmetic.multiply', { x: int(2) });
    const told = (['pause', 'play', 'pause'] as const).map((kind) => world.engine.tell(uuid, { kind }));
    await expect(bad).rejects.toMatchObject({ code: 'bad-input' });
    expect(await Promise.all(told)).toEqual([true, true, true]);
    expect(world.attributes(uuid)['paused']).toBe(true);
    const id = world.store.nodeId(uuid) as NodeId;
    const notes = world.store.engine
      .journal(id)
      .map(({ event }) => JSON.parse(event) as { kind: string; words: string })
      .filter(({ kind }) => kind === 'note');
    expect(notes.map(({ words }) => words)).toEqual(['paused', 'playing again', 'paused']);
  });

  it('is cancelled on its computer when it is killed', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await add();
    await until(() => world.engine.state(uuid)?.activity.words === 'running');
    await world.engine.tell(uuid, { kind: 'kill', by: 'a person' });
    await world.engine.ended(uuid);
    expect(world.attributes(uuid)['process_state']).toBe('killed');
    expect([...world.cluster.jobs.values()].map(({ cancelled }) => cancelled)).toEqual([true]);
  });
});

describe('a workflow', () => {
  const multiplyAdd = (z: number) =>
    world.launch('core.arithmetic.multiply_add', {
      code: { uuid: world.code },
      x: int(2),
      y: int(3),
      z: int(z),
    });

  it('calls its steps and returns what they made', async () => {
    const uuid = await multiplyAdd(4);
    await world.engine.ended(uuid);
    expect(world.outputs(uuid)).toMatchObject({
      result: 10,
      multiply: 'multiply',
      add: 'ArithmeticAddCalculation',
    });
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'finished', exit_status: 0 });
  });

  it('takes the other branch where there is nothing to add', async () => {
    const uuid = await multiplyAdd(0);
    await world.engine.ended(uuid);
    expect(world.outputs(uuid)).toMatchObject({ result: 6, multiply: 'multiply' });
    expect(world.cluster.jobs.size).toBe(0);
  });

  it('ends with its own exit code', async () => {
    const uuid = await multiplyAdd(-10);
    await world.engine.ended(uuid);
    expect(world.attributes(uuid)).toMatchObject({
      exit_status: 400,
      exit_message: 'The result is -4, which is negative.',
    });
  });

  it('runs steps side by side and in loops, and recalls them all after a restart', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await world.launch('test.fan-out', { code: { uuid: world.code }, n: int(4) });
    await until(() => world.cluster.jobs.size === 4);
    await world.kill();
    await world.engine.ended(uuid);
    expect(world.outputs(uuid)).toMatchObject({ total: 0 + 1 + 2 + 3 + 4 * 10 });
    expect([...world.cluster.runs.values()]).toEqual([1, 1, 1, 1]);
  });

  it('kills every step when it is killed', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await world.launch('test.fan-out', { code: { uuid: world.code }, n: int(3) });
    await until(() => world.cluster.jobs.size === 3);
    await world.engine.tell(uuid, { kind: 'kill', by: 'a person' });
    await world.engine.ended(uuid);
    expect([...world.cluster.jobs.values()].every(({ cancelled }) => cancelled)).toBe(true);
    expect(world.store.engine.runs()).toEqual([]);
  });

  it('asked for an unknown process ends with an exception that names it', async () => {
    const uuid = await world.launch('test.bad-step', {});
    await world.engine.ended(uuid);
    expect(world.attributes(uuid)['process_state']).toBe('excepted');
  });
});

describe('a workflow that asks a person', () => {
  const openAt = (uuid: Uuid) => {
    const state = world.engine.state(uuid);
    return state?.kind === 'workflow' ? (state.questions ?? {}) : {};
  };
  const asks = (uuid: Uuid) => until(() => Object.keys(openAt(uuid)).length > 0);
  const report = (uuid: Uuid) =>
    world.store.engine
      .journal(world.store.nodeId(uuid) as NodeId)
      .map(({ event }) => (JSON.parse(event) as { words: string }).words);

  it('waits for the answer, goes on with it, and keeps who gave it and when', async () => {
    const uuid = await world.launch('test.asking', { a: int(3) });
    await asks(uuid);
    expect(world.engine.state(uuid)?.activity).toMatchObject({
      words: 'needs you',
      reason: 'Is 3 enough?',
    });
    expect(openAt(uuid)['go_on']).toMatchObject({
      facts: [{ name: 'a', value: '3' }],
      choices: [
        { name: 'more', label: 'Add one', help: 'One more.' },
        { name: 'stop', label: 'Stop', help: '' },
      ],
    });
    await world.engine.tell(uuid, { kind: 'answered', label: 'go_on', choice: 'more', by: 'Ada' });
    await world.engine.ended(uuid);
    expect(world.outputs(uuid)).toMatchObject({ result: 4 });
    const { answers, progress } = world.attributes(uuid);
    expect(progress).toEqual({ asked: 1, choice: 'more' });
    expect(answers).toEqual([
      {
        label: 'go_on',
        question: 'Is 3 enough?',
        choice: 'more',
        by: 'Ada',
        at: expect.stringMatching(/^20.*Z$/) as unknown,
      },
    ]);
    expect(report(uuid)).toContain('Ada answered “Add one” to: Is 3 enough?');
  });

  it('still asks after a restart, and remembers an answer through another one', async () => {
    const uuid = await world.launch('test.above', { a: int(3) });
    await until(() => world.engine.state(uuid)?.activity.words === 'needs you');
    expect(world.engine.state(uuid)?.activity.reason).toBe('“below” asks: Is 3 enough?');
    await world.kill();
    expect(world.engine.state(uuid)?.activity.words).toBe('needs you');
    const below = [...world.engine.states()].find(({ plugin }) => plugin === 'test.asking')?.uuid as Uuid;
    const answer = { kind: 'answered', label: 'go_on', choice: 'stop', by: 'Ada' } as const;
    // the engine is killed before the workflow has heard of it
    await world.engine.tell(below, answer);
    await world.kill();
    await world.engine.ended(below);
    expect(world.attributes(below)).toMatchObject({ exit_status: 400, exit_message: 'Ada stopped it.' });
    await world.engine.ended(uuid);
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'finished', exit_status: 1 });
  });

  it('takes the first of two answers, and none that was not offered', async () => {
    const uuid = await world.launch('test.asking', { a: int(1) });
    await asks(uuid);
    const answer = (choice: string, by: string) =>
      world.engine.tell(uuid, { kind: 'answered', label: 'go_on', choice, by });
    await answer('anything', 'Eve');
    expect(Object.keys(openAt(uuid))).toEqual(['go_on']);
    await Promise.all([answer('more', 'Ada'), answer('stop', 'Eve')]);
    await world.engine.ended(uuid);
    expect(world.outputs(uuid)).toMatchObject({ result: 2 });
    expect(world.attributes(uuid)['answers']).toMatchObject([{ by: 'Ada', choice: 'more' }]);
  });

  it('is killed while it asks', async () => {
    const uuid = await world.launch('test.above', { a: int(1) });
    await until(() => world.engine.state(uuid)?.activity.words === 'needs you');
    await world.engine.tell(uuid, { kind: 'kill', by: 'a person' });
    await world.engine.ended(uuid);
    expect(world.store.engine.runs()).toEqual([]);
  });
});

describe('an engine that was stopped', () => {
  it('refuses what is asked of it, and leaves nobody waiting', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await world.launch('core.arithmetic.add', {
      code: { uuid: world.code },
      x: int(2),
      y: int(3),
    });
    const before = world.engine.ended(uuid);
    const settled = Promise.allSettled([before]);
    await world.engine.stop();
    const closing = { code: 'cancelled', message: 'Stemma is closing.' };
    expect(await settled).toMatchObject([{ status: 'rejected', reason: closing }]);
    await expect(world.engine.ended(uuid)).rejects.toMatchObject(closing);
    await expect(world.engine.tell(uuid, { kind: 'pause' })).rejects.toMatchObject(closing);
    const late = world.launch('core.arithmetic.multiply', { x: int(2), y: int(3) });
    await expect(late).rejects.toMatchObject(closing);
  });
});

describe('being killed at any moment', () => {
  it('loses no process and runs none twice', async () => {
    const uuids = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        i % 3 === 0
          ? world.launch('core.arithmetic.multiply_add', {
              code: { uuid: world.code },
              x: int(i),
              y: int(2),
              z: int(1),
            })
          : world.launch('core.arithmetic.add', { code: { uuid: world.code }, x: int(i), y: int(1) }),
      ),
    );
    for (let i = 0; i < 6; i++) {
      await new Promise((resolve) => setTimeout(resolve, Math.floor(random.next() * 30)));
      await world.kill();
    }
    await Promise.all(uuids.map((uuid) => world.engine.ended(uuid)));
    for (const [i, uuid] of uuids.entries()) {
      expect(world.attributes(uuid), `process ${i}`).toMatchObject({
        process_state: 'finished',
        exit_status: 0,
      });
      const outputs = world.outputs(uuid);
      expect(outputs['sum'] ?? outputs['result']).toBe(i % 3 === 0 ? 2 * i + 1 : i + 1);
    }
    expect(new Set(world.cluster.runs.values())).toEqual(new Set([1]));
    expect(world.store.engine.effects()).toEqual([]);
  });
});
