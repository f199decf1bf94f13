import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPluginHost, type OpenPluginHost } from '#main/plugins/host.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { versions } from './changing-workflow.ts';
import type { Program } from './program.ts';
import { Shared, WorkflowWorld } from './workflow-world.ts';

let shared: Shared;
let modules: string;
const here = (file: string): string => new URL(file, import.meta.url).href;
beforeAll(async () => {
  modules = mkdtempSync(path.join(tmpdir(), 'stemma-versions-'));
  shared = await Shared.open(here('./program-workflow.ts'), here('./loose-workflow.ts'));
});
afterAll(async () => {
  await shared.close();
  rmSync(modules, { recursive: true, force: true });
});

let world: WorkflowWorld;
beforeEach(() => {
  world = new WorkflowWorld(shared);
});
afterEach(async () => {
  await world.close();
});

const launch = (program: Program, on = world): Promise<Uuid> =>
  on.launch('test.program', {
    code: { uuid: on.code },
    value: { nodeType: NodeType.int, attributes: '{"value": 1}', label: '', files: [] },
    program: {
      nodeType: NodeType.list,
      attributes: JSON.stringify({ list: [JSON.stringify(program)] }),
      label: '',
      files: [],
    },
  });
const stored = (on = world): readonly (readonly unknown[])[] => [
  on.store.engine.runs(),
  on.store.engine.effects(),
  on.store.engine.inbox(),
  on.unsealed(),
];
const nothing = [[], [], [], []];

describe('a kill', () => {
  const sub = (body: Program): Program => ({ do: 'sub', allowFailure: true, body });
  const deep: Program = {
    do: 'sequence',
    body: [
      {
        do: 'all',
        body: [
          { do: 'job', n: 1 },
          { do: 'sleep', ms: 1_000_000 },
          sub({
            do: 'all',
            body: [
              { do: 'job', n: 2 },
              sub({
                do: 'all',
                body: [
                  { do: 'job', n: 3 },
                  { do: 'add', n: 1 },
                ],
              }),
            ],
          }),
        ],
      },
      { do: 'job', n: 9 },
    ],
  };

  it.each([
    ['a workflow', false],
    ['a workflow whose sub-workflows are paused', true],
  ])('reaches every child of %s at every depth, at any moment', async (_, paused) => {
    const ends: unknown[] = [];
    for (let k = 1; k <= 18; k++) {
      const own = new WorkflowWorld(shared);
      own.jobs.faults.holdJobs = true;
      try {
        const reached = Promise.withResolvers<void>();
        own.onCommit = (number) => {
          if (paused && number === k - 1) {
            for (const state of own.engine.states()) {
              if (state.caller !== null) void own.engine.tell(state.uuid, { kind: 'pause' }).catch(() => {});
            }
          }
          if (number === k) reached.resolve();
        };
        const uuid = await launch(deep, own);
        // where the jobs are all held and nothing more is committed, it is killed as it stands
        await Promise.race([reached.promise, own.pause(400)]);
        await own.engine.tell(uuid, { kind: 'kill', by: 'Ada' });
        await own.ended(uuid);
        expect(stored(own), `killed after commit ${k}`).toEqual(nothing);
        ends.push(own.attributes(uuid)['process_state']);
        const jobs = [...own.cluster.jobs.values()];
        expect(jobs.every(({ cancelled }) => cancelled)).toBe(true);
      } finally {
        await own.close();
      }
    }
    expect(new Set(ends)).toEqual(new Set(['killed']));
  });

  it('is not lost when the engine dies right after it', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await launch(deep);
    await world.until(() => world.cluster.jobs.size === 3);
    await world.engine.tell(uuid, { kind: 'kill', by: 'Ada' });
    await world.restart();
    await world.ended(uuid);
    expect(stored()).toEqual(nothing);
    expect(world.attributes(uuid)).toMatchObject({
      process_state: 'killed',
      process_status: 'Killed by Ada',
      sealed: true,
    });
    // and what it had called says so, too
    const called = world.store.engine.read((reads) =>
      reads
        .outgoing(reads.nodeByUuid(uuid)?.id ?? (0 as NodeId))
        .filter(({ type }) => type.startsWith('call'))
        .map(({ target }) => JSON.parse(reads.node(target)?.attributes ?? '{}') as Record<string, unknown>),
    );
    expect(called.map((attributes) => attributes['process_status'])).toEqual([
      'Killed by Ada, with the workflow that called it',
      'Killed by Ada, with the workflow that called it',
    ]);
  });
});

describe('a workflow that is paused', () => {
  it('does not end before it plays, and no line of its report is lost', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await launch({
      do: 'sequence',
      body: [
        { do: 'job', n: 1 },
        { do: 'report', text: 'the end' },
      ],
    });
    await world.until(() =>
      [...world.engine.states()].some((state) => state.kind === 'job' && state.facts !== null),
    );
    await world.engine.tell(uuid, { kind: 'pause' });
    for (const token of world.cluster.jobs.keys()) world.jobs.finish(token);
    // its code has come to its end, and is to run again
    await world.until(() => world.engine.state(uuid)?.effects !== 1);
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'running', paused: true });
    await world.engine.tell(uuid, { kind: 'play' });
    await world.ended(uuid);
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'finished', exit_status: 0 });
    expect(world.reports(world.node(uuid))).toEqual([expect.stringContaining('says the end')]);
    expect(stored()).toEqual(nothing);
  });
});

describe('a workflow whose code ends while steps run', () => {
  it('ends when they have, and a kill still reaches them', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await world.launch('test.loose', { code: { uuid: world.code } });
    await world.until(() => world.cluster.jobs.size === 1);
    await world.until(
      () => world.engine.state(uuid)?.activity.reason.startsWith('its code has ended') === true,
    );
    await world.restart();
    expect(world.engine.state(uuid)?.activity).toMatchObject({ words: 'waiting for “loose”' });
    const [token = ''] = [...world.cluster.jobs.keys()];
    await world.until(() => {
      world.jobs.finish(token);
      return world.engine.state(uuid) === null;
    });
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'finished', exit_status: 0 });
    expect(stored()).toEqual(nothing);
  });
});

describe('a step that has ended well', () => {
  it('is sealed so where its caller cannot go on with it: the caller breaks off and says why', async () => {
    world.jobs.faults.holdJobs = true;
    const uuid = await launch({
      do: 'all',
      body: [
        { do: 'job', n: 1 },
        { do: 'job', n: 2 },
      ],
    });
    const watched = (): number =>
      [...world.engine.states()].filter((state) => state.kind === 'job' && state.facts !== null).length;
    await world.until(() => watched() === 2);
    // as a later version, or a damaged disk, could have left it
    world.store.write((tx) => tx.putStep({ process: world.node(uuid), label: 's_0', record: '{}' }));
    for (const token of world.cluster.jobs.keys()) world.jobs.finish(token);
    await world.ended(uuid);
    expect(world.calledAttributes(uuid)).toMatchObject([
      { process_state: 'finished', exit_status: 0, sealed: true },
      { process_state: 'finished', exit_status: 0, sealed: true },
    ]);
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'excepted', sealed: true });
    expect(stored()).toEqual(nothing);
    expect(world.errors.splice(0)).toHaveLength(1);
  });
});

describe('what a workflow returns', () => {
  it.each([
    ['text', 'The output “text” may not be a data.core.int.Int..'],
    ['colour', 'The output “colour” is not part of the specification.'],
    ['two words', 'The output “two words” has no valid name.'],
  ])('as “%s” ends it with exit status 10 where it may not', async (as, exit_message) => {
    const uuid = await world.launch('test.returning', {
      as: { nodeType: NodeType.str, attributes: JSON.stringify({ value: as }), label: '', files: [] },
      value: { nodeType: NodeType.int, attributes: '{"value": 1}', label: '', files: [] },
    });
    await world.ended(uuid);
    expect(world.attributes(uuid)).toMatchObject({
      process_state: 'finished',
      exit_status: 10,
      exit_message,
    });
    const links = world.store.engine.read((reads) => reads.outgoing(world.node(uuid)));
    expect(links).toEqual([]);
  });
});

describe('a sleep', () => {
  it('may be as long as a calculation says, with fractions of a millisecond', async () => {
    const uuid = await launch({ do: 'sleep', ms: 1000 * 1.5 ** 4 + 0.3 });
    await world.ended(uuid);
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'finished', exit_status: 0 });
  });

  it('is not cut short by a restart while the workflow waits for a person', async () => {
    world.clock.hold = true;
    const uuid = await launch({ do: 'sleep', ms: 1_000_000 });
    await world.until(() => world.engine.state(uuid)?.activity.words.startsWith('sleeping') === true);
    const process = world.node(uuid);
    const retry = { code: 'unexpected', message: '', hint: '', failures: 5, since: 0, until: null };
    const state = { ...world.engine.state(uuid), retry: { ...retry, needsPerson: true } };
    await world.restart(async () => {
      world.store.write((tx) => tx.putRun({ process, state: JSON.stringify(state) }));
    });
    // the code runs again and has asked for its sleep
    await world.until(() => world.engine.state(uuid)?.retry === null);
    const record = world.store.engine.read((reads) => reads.step(process, 's')?.record ?? '{}');
    expect(Object.keys(JSON.parse(record) as object)).not.toContain('order');
    expect(world.engine.state(uuid)?.activity.words).toBe('sleeping (“s”)');
    world.clock.hold = false;
    await world.ended(uuid);
  });
});

describe('a label that is used twice', () => {
  it.each(['another input', 'the same input', 'the same input at the same time'])(
    'is an error in words, with %s',
    async (how) => {
      const uuid = await world.launch('test.twice', {
        how: { nodeType: NodeType.str, attributes: JSON.stringify({ value: how }), label: '', files: [] },
      });
      await world.ended(uuid);
      expect(world.attributes(uuid)).toMatchObject({ process_state: 'excepted' });
      expect(world.attributes(uuid)['exception']).toContain('Two steps have the label “same”.');
    },
  );
});

describe('a disk that is full', () => {
  it('when the output of a step is stored is waited for, and the code hears nothing of it', async () => {
    const uuid = await launch({
      do: 'sequence',
      body: [
        { do: 'add', n: 1 },
        { do: 'file', text: 'abc' },
      ],
    });
    world.fullDisk = 3;
    await world.ended(uuid);
    expect(world.fullDisk).toBe(0);
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'finished', exit_status: 0 });
  });

  it('when the input of a step is stored is waited for, and is nothing to wait for once it has room', async () => {
    world.jobs.faults.holdJobs = true;
    world.fullDisk = 3;
    const uuid = await world.launch('test.giving', { code: { uuid: world.code } });
    await world.until(() => world.cluster.jobs.size === 1);
    expect(world.fullDisk).toBe(0);
    const state = world.engine.state(uuid);
    expect(state).toMatchObject({ retry: null, activity: { words: 'waiting for “job”' } });
    expect(Object.keys(world.attributes(uuid))).not.toContain('process_status');
    await world.engine.tell(uuid, { kind: 'kill', by: 'Ada' });
    await world.ended(uuid);
  });
});

describe('a workflow whose code changes while it runs', () => {
  const hosts = new Map<string, OpenPluginHost>();
  afterAll(() => Promise.all([...hosts.values()].map((host) => host.close())));
  const hostOf = async (version: keyof typeof versions): Promise<OpenPluginHost> => {
    const known = hosts.get(version);
    if (known !== undefined) return known;
    const file = path.join(modules, `${version}.ts`);
    const from = JSON.stringify(here('./changing-workflow.ts'));
    writeFileSync(file, `import { versions } from ${from};\nexport const changing = versions.${version};\n`);
    const own = [pathToFileURL(file).href, here('./program-workflow.ts')];
    const host = await openPluginHost({ objects: shared.repository, modules: own, threads: 1 });
    hosts.set(version, host);
    return host;
  };
  const changeTo = async (version: keyof typeof versions): Promise<void> => {
    const host = await hostOf(version);
    await world.restart(async () => {
      world.plugins = host;
    });
  };
  const startAndSleep = async (version: keyof typeof versions = 'first'): Promise<Uuid> => {
    world.plugins = await hostOf(version);
    await world.restart();
    world.clock.hold = true;
    const uuid = await world.launch('test.changing', {});
    await world.until(() => world.engine.state(uuid)?.activity.words.startsWith('sleeping') === true);
    return uuid;
  };
  const changedOf = (uuid: Uuid) => {
    const state = world.engine.state(uuid);
    return state?.kind === 'workflow' ? state.changed : null;
  };

  it.each([
    ['otherInput', 'two', /^test\.plus \(value = Int .*, n = Int \{"value": 2\}\)$/, /"value": 22/],
    ['leftOut', 'one', /^test\.plus/, /^left out: the code waits for other steps$/],
    ['endsAtOnce', 'one', /^test\.plus/, /^left out: the code ended with its outputs$/],
    ['throws', 'one', /^test\.plus/, /^left out: the code ended with Error: the new code is wrong$/],
  ] as const)(
    'to “%s” is paused with both in words, and plays again with the former code',
    async (version, label, recorded, asked) => {
      const uuid = await startAndSleep();
      await changeTo(version);
      world.clock.hold = false;
      await world.until(() => changedOf(uuid) !== null);
      const changed = changedOf(uuid);
      expect(changed?.label).toBe(label);
      expect(changed?.recorded).toMatch(recorded);
      expect(changed?.asked).toMatch(asked);
      expect(world.attributes(uuid)).toMatchObject({ paused: true });
      expect(world.attributes(uuid)['process_status']).toContain(`step “${label}”`);
      // with the new code it stops at the same place again
      await world.engine.tell(uuid, { kind: 'play' });
      await world.until(() => changedOf(uuid) !== null);
      await changeTo('first');
      expect(changedOf(uuid)).not.toBeNull();
      await world.engine.tell(uuid, { kind: 'play' });
      await world.ended(uuid);
      expect(world.attributes(uuid)).toMatchObject({ process_state: 'finished', exit_status: 0 });
      expect(Object.keys(world.attributes(uuid))).not.toContain('paused');
      expect(world.called(uuid)).toEqual(['one', 'two', 'three']);
    },
  );

  it('to one that leaves out a step which had not ended yet is paused when that step ends', async () => {
    const uuid = await startAndSleep('together');
    await changeTo('withoutTheShort');
    world.clock.hold = false;
    await world.until(() => changedOf(uuid) !== null);
    expect(changedOf(uuid)).toEqual({
      label: 'short',
      recorded: 'sleep',
      asked: 'left out: the code waits for other steps',
    });
    await changeTo('together');
    await world.engine.tell(uuid, { kind: 'play' });
    await world.ended(uuid);
    expect(world.attributes(uuid)).toMatchObject({ process_state: 'finished', exit_status: 0 });
    expect(world.called(uuid)).toEqual(['last']);
  });

  it('only in what it has not come to goes on with the new code', async () => {
    const uuid = await startAndSleep();
    await changeTo('onlyLater');
    world.clock.hold = false;
    await world.ended(uuid);
    expect(world.called(uuid)).toEqual(['one', 'two', 'three', 'four']);
  });
});
