import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computerConfig, type ComputerConfigInput } from '#shared/contract/areas/computers.ts';
import type { ComputerId, Uuid } from '#shared/provenance/ids.ts';
import { authParamsOf, configOf, recordOf } from '#main/computers/computer-record.ts';
import type { ComputerRecord } from '#main/provenance/types.ts';

const base: ComputerConfigInput = {
  label: 'cluster',
  transport: { type: 'core.ssh', host: 'login.example.org', user: 'ada', auth: { kind: 'agent' } },
  scheduler: 'core.slurm',
  workDirectory: '/scratch/{username}/stemma',
};

const stored = (input: unknown): ComputerRecord => {
  const config = computerConfig.parse(input);
  return {
    id: 1 as ComputerId,
    uuid: '11111111-1111-4111-8111-111111111111' as Uuid,
    ...recordOf(config),
    auth: { enabled: true, params: authParamsOf(config) },
  };
};

test('a configuration comes back as it was stored, by AiiDA’s keys', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);
  const port = fc.integer({ min: 1, max: 65535 });
  const auth = fc.oneof(
    fc.constant({ kind: 'agent' as const }),
    fc.constant({ kind: 'password' as const }),
    fc.record({ kind: fc.constant('key' as const), path: fc.constantFrom('~/.ssh/id_ed25519', '/a key') }),
  );
  const transport = fc.oneof(
    fc.constant({ type: 'core.local' as const }),
    fc.record({
      type: fc.constant('core.ssh' as const),
      host: name,
      port,
      user: name,
      auth,
      jumps: fc.array(fc.record({ host: fc.oneof(name, fc.constant('fe80::1')), port, user: name }), {
        maxLength: 3,
      }),
    }),
  );
  const config = fc.record({
    label: name,
    description: fc.string({ maxLength: 20 }),
    transport,
    scheduler: fc.constantFrom('core.direct' as const, 'core.slurm' as const),
    workDirectory: fc.constantFrom('/scratch/{username}/x', '{home}/work', '/a'),
    shebang: fc.constantFrom('#!/bin/bash', '#!/bin/bash -l'),
    mpirunCommand: fc.constantFrom([], ['srun'], ['mpirun', '-np', '{tot_num_mpiprocs}']),
    defaultMpiprocsPerMachine: fc.option(fc.integer({ min: 1, max: 128 })),
    defaultMemoryPerMachine: fc.option(fc.integer({ min: 1, max: 1e9 })),
    prependText: fc.constantFrom('', 'module load x\n'),
    appendText: fc.constantFrom('', 'true'),
    minimumPollInterval: fc.constantFrom(0.25, 10, 60),
  });
  fc.assert(
    fc.property(config, (input) => {
      expect(configOf(stored(input))).toEqual(computerConfig.parse(input));
    }),
  );
});

test('what AiiDA does not set is not set', () => {
  const { metadata } = stored(base);
  expect(Object.keys(metadata).toSorted()).toEqual([
    'minimum_scheduler_poll_interval',
    'mpirun_command',
    'shebang',
    'workdir',
  ]);
});

test('a computer as AiiDA itself stores it is understood', () => {
  const record: ComputerRecord = {
    ...stored(base),
    transportType: 'core.ssh',
    schedulerType: 'slurm',
    metadata: {
      workdir: '/scratch/{username}/aiida_run/',
      shebang: '#!/bin/bash',
      mpirun_command: ['srun', '-n', '{tot_num_mpiprocs}'],
      default_mpiprocs_per_machine: 36,
      minimum_scheduler_poll_interval: 10,
      prepend_text: '',
      append_text: '',
      use_double_quotes: false,
    },
    auth: {
      enabled: true,
      params: {
        username: 'ada',
        port: 22,
        key_filename: '/home/ada/.ssh/id_rsa',
        proxy_jump: '',
        timeout: 60,
      },
    },
  };
  expect(configOf(record)).toMatchObject({
    scheduler: 'core.slurm',
    transport: { auth: { kind: 'key', path: '/home/ada/.ssh/id_rsa' }, user: 'ada' },
    defaultMpiprocsPerMachine: 36,
  });
});

test('a computer that nothing is known of, or that we cannot do, has no configuration', () => {
  expect(configOf({ ...stored(base), auth: null })).toBeNull();
  expect(configOf({ ...stored(base), schedulerType: 'core.pbspro' })).toBeNull();
  expect(configOf({ ...stored(base), transportType: 'core.ssh_async' })).toBeNull();
  expect(configOf({ ...stored(base), metadata: {} })).toBeNull();
});

test('no secret is ever part of what is stored', () => {
  const record = stored({
    ...base,
    transport: { type: 'core.ssh', host: 'h', user: 'ada', auth: { kind: 'password' } },
  });
  expect(Object.keys(record.auth?.params ?? {}).filter((key) => /pass|secret/i.test(key))).toEqual([]);
});
