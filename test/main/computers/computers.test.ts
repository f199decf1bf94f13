import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#shared/base/system-clock.ts';
import { seededRandom } from '#shared/base/random.ts';
import {
  codeConfig,
  computerConfig,
  type CodeRow,
  type ComputerConfigInput,
  type ComputerRow,
} from '#shared/contract/areas/computers.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import { Codes } from '#main/computers/codes.ts';
import { StoredComputers } from '#main/computers/computer-book.ts';
import { Computers } from '#main/computers/computers.ts';
import { HostTrust } from '#main/computers/trust/host-trust.ts';
import { SecretBook } from '#main/computers/trust/secrets.ts';
import type { Reader } from '#main/provenance/read-api.ts';
import { calculation, codeUuid } from './job-script/samples.ts';
import { FakeStore } from './fake-store.ts';

let folder: string;
let store: FakeStore;
let computers: Computers;
let codes: Codes;

const reader = (): Pick<Reader, 'computerRows' | 'codes' | 'node'> => ({
  computerRows: async () =>
    store.records.map((record): ComputerRow => ({
      uuid: record.uuid,
      label: record.label,
      hostname: record.hostname,
      description: record.description,
      transportType: record.transportType,
      schedulerType: record.schedulerType,
      enabled: record.auth?.enabled ?? false,
      configured: record.auth !== null,
      codes: 0,
      calculations: 0,
    })),
  codes: async ({ hidden }) =>
    store.nodes
      .map((node): CodeRow => {
        const computer = store.records.find(({ id }) => id === node.computer);
        return {
          uuid: node.uuid,
          fullLabel: `${node.label}@${computer?.label ?? ''}`,
          label: node.label,
          computer: computer?.label ?? '',
          computerUuid: computer?.uuid ?? '',
          executable: String(node.attributes['filepath_executable']),
          defaultPlugin: String(node.attributes['input_plugin'] ?? ''),
          withMpi: null,
          hidden: node.extrasText.includes('"hidden": true'),
          calculations: 0,
          ctime: 0,
        };
      })
      .filter((row) => hidden || !row.hidden),
  node: async ({ uuid }) => {
    const node = store.nodes.find((one) => one.uuid === uuid);
    return node === undefined ? null : ({ extras: node.extrasText } as Awaited<ReturnType<Reader['node']>>);
  },
});

function open(): Computers {
  return new Computers({
    store: store.asStore(),
    reader: reader(),
    profileDirectory: folder,
    clock: systemClock,
    random: seededRandom(1),
    trust: new HostTrust(join(folder, 'known'), []),
    secrets: new SecretBook(systemClock),
    environment: process.env,
    patience: { notesMs: 1000, accountingMs: 1000, accountingDownMs: 1000, lookUpMs: 1000 },
    log: () => {},
    nameOf: () => 'name',
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stemma-test-'));
  store = new FakeStore();
  computers = open();
  codes = new Codes({ store: store.asStore(), reader: reader(), computers, now: () => 5 });
});
afterEach(() => {
  computers.close();
  rmSync(folder, { recursive: true, force: true });
});

const cluster = (change: Partial<ComputerConfigInput> = {}) =>
  computerConfig.parse({
    label: 'cluster',
    transport: { type: 'core.ssh', host: 'cluster.invalid', user: 'ada', auth: { kind: 'agent' } },
    scheduler: 'core.slurm',
    workDirectory: '/scratch/{username}',
    ...change,
  });

describe('the computers of a profile', () => {
  test('have this machine among them from the start, once', async () => {
    computers.ensureLocalhost();
    computers.ensureLocalhost();
    const rows = await computers.rows();
    expect(rows).toMatchObject([
      {
        label: 'localhost',
        transportType: 'core.local',
        schedulerType: 'core.direct',
        configured: true,
        enabled: true,
      },
    ]);
    expect(store.records[0]?.metadata['workdir']).toBe(join(folder, 'work'));
  });

  test('leave a computer called localhost alone that came with an archive', async () => {
    store.write((tx) =>
      tx.insertComputer({
        uuid: codeUuid,
        label: 'localhost',
        hostname: 'localhost',
        description: '',
        transportType: 'core.local',
        schedulerType: 'core.direct',
        metadata: {},
      }),
    );
    computers.ensureLocalhost();
    expect((await computers.rows()).map(({ label, configured }) => [label, configured])).toEqual([
      ['localhost', false],
      ['this-machine', true],
    ]);
    expect(() => computers.runtime(codeUuid)).toThrow(
      expect.objectContaining({ code: 'computer-not-configured' }),
    );
    computers.update(codeUuid, cluster({ label: 'mine' }));
    expect(computers.runtime(codeUuid).config.label).toBe('mine');
  });

  test('are made, changed and removed; labels are unique', () => {
    const uuid = computers.create(cluster());
    expect(computers.config(uuid)).toEqual(cluster());
    expect(() => computers.create(cluster())).toThrow(
      expect.objectContaining({ code: 'label-taken', subject: 'label' }),
    );
    computers.update(uuid, cluster({ description: 'changed', workDirectory: '/other' }));
    expect(computers.runtime(uuid).config.workDirectory).toBe('/other');
    store.inUse.add(uuid);
    expect(() => computers.remove(uuid)).toThrow(expect.objectContaining({ code: 'computer-in-use' }));
    store.inUse.clear();
    computers.remove(uuid);
    expect(() => computers.runtime(uuid)).toThrow(expect.objectContaining({ code: 'computer-missing' }));
    expect(() => computers.config(uuid)).toThrow(expect.objectContaining({ code: 'computer-missing' }));
  });

  test('stay paused over a restart, and are held while they are disabled', () => {
    const uuid = computers.create(cluster());
    const held = (): boolean => computers.queues(uuid)[0]?.paused ?? false;
    computers.setPaused(uuid, true);
    computers.close();
    computers = open();
    expect([held(), computers.queues()[0]?.connection]).toEqual([true, 'paused']);
    computers.setPaused(uuid, false);
    expect(held()).toBe(false);
    computers.setEnabled(uuid, false);
    expect(held()).toBe(true);
    computers.setEnabled(uuid, true);
    expect(held()).toBe(false);
  });

  test('say in their queue what they wait for', async () => {
    const before = Date.now();
    const uuid = computers.create(cluster());
    const abort = new AbortController();
    const wish = computers.runtime(uuid).use({ signal: abort.signal, mode: 'now' }, async () => {});
    await expect(wish).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('cluster.invalid'),
    });
    expect(computers.queues(uuid)).toMatchObject([
      { label: 'cluster', scheduler: 'Slurm', connection: 'waiting', ask: null, jobs: [], steps: {} },
    ]);
    expect(computers.queues(uuid)[0]?.nextAttempt).toBeGreaterThan(before);
  });
});

describe('the codes of a profile', () => {
  const config = (computer: Uuid, change: object = {}) =>
    codeConfig.parse({
      label: 'sh',
      computer,
      executable: '/bin/sh',
      defaultPlugin: 'core.shell',
      ...change,
    });

  test('are stored as AiiDA’s InstalledCode', async () => {
    const computer = computers.create(cluster());
    await codes.create(config(computer, { withMpi: false, prependText: 'x' }));
    expect(store.nodes[0]).toMatchObject({
      nodeType: 'data.core.code.installed.InstalledCode.',
      processType: null,
      label: 'sh',
      // of 5 ms: nodes have microseconds
      ctime: 5000,
      attributes: {
        input_plugin: 'core.shell',
        append_text: '',
        prepend_text: 'x',
        use_double_quotes: false,
        with_mpi: false,
        wrap_cmdline_params: false,
        filepath_executable: '/bin/sh',
      },
    });
  });

  test('have labels that are unique on their computer, can be renamed and hidden', async () => {
    const [one, two] = [computers.create(cluster()), computers.create(cluster({ label: 'other' }))];
    const uuid = await codes.create(config(one));
    await codes.create(config(two));
    await expect(codes.create(config(one))).rejects.toMatchObject({ code: 'label-taken' });
    const second = await codes.create(config(one, { label: 'bash', defaultPlugin: '' }));
    await expect(codes.relabel(second, 'sh', '')).rejects.toMatchObject({ code: 'label-taken' });
    await codes.relabel(second, 'bash5', 'the new one');
    store.nodes = store.nodes.map((node) => ({ ...node, extrasText: '{"weight": 1.0}' }));
    await codes.setHidden(uuid, true);
    expect(store.nodes.find((node) => node.uuid === uuid)?.extrasText).toBe(
      '{"weight": 1.0, "hidden": true}',
    );
    expect((await codes.rows({ hidden: false })).map(({ fullLabel }) => fullLabel)).toEqual([
      'sh@other',
      'bash5@cluster',
    ]);
    expect((await codes.rows({ hidden: true, plugin: 'core.other' })).map(({ label }) => label)).toEqual([
      'bash5',
    ]);
  });

  test('are looked for where they should be', async () => {
    computers.ensureLocalhost();
    const computer = store.records[0]?.uuid as Uuid;
    const signal = new AbortController().signal;
    expect(await codes.test(computer, '/bin/sh', signal)).toMatchObject({ ok: true });
    expect(await codes.test(computer, '/bin', signal)).toMatchObject({
      ok: false,
      words: expect.stringContaining('folder'),
    });
    expect(await codes.test(computer, '/nowhere/sh', signal)).toMatchObject({
      ok: false,
      words: 'There is no /nowhere/sh on localhost.',
      hint: expect.stringMatching(/^There is one at \/.*\/sh\.$/),
    });
    expect(await codes.test(computer, '/etc/passwd', signal)).toMatchObject({
      ok: false,
      hint: expect.stringContaining('chmod +x'),
    });
    expect(await codes.test(computer, `/tmp/it's "not" there`, signal)).toMatchObject({ ok: false });
  });
});

describe('what the engine asks of computers', () => {
  test('is their keys and the job script', () => {
    const uuid = computers.create(cluster({ scheduler: 'core.direct' }));
    const book = new StoredComputers(store.asStore());
    const id = book.idOf(uuid);
    expect(id).not.toBeNull();
    expect(id === null ? null : book.uuidOf(id)).toBe(uuid);
    const text = book.script({
      computer: uuid,
      options: jobOptions.parse({}),
      calculation: calculation(),
      codes: [
        {
          uuid: codeUuid,
          nodeType: 'data.core.code.installed.InstalledCode.',
          label: 'sh',
          attributes: '{"filepath_executable": "/bin/sh", "with_mpi": null}',
          files: [],
          computer: uuid,
        },
      ],
    });
    expect(text).toContain(`\n'/bin/sh'\n`);
    const missing = {
      computer: codeUuid,
      options: jobOptions.parse({}),
      calculation: calculation(),
      codes: [],
    };
    expect(() => book.script(missing)).toThrow(expect.objectContaining({ code: 'computer-missing' }));
  });
});
