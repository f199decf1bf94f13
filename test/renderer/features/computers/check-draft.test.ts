import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeConfig, computerConfig } from '#shared/contract/areas/computers.ts';
import { checkDraft } from '#renderer/features/computers/check-draft.ts';
import { checkCode, newCode, type CodeDraft } from '#renderer/features/computers/code-draft.ts';
import { draftOf, newDraft, type ComputerDraft } from '#renderer/features/computers/computer-draft.ts';

const sound: ComputerDraft = {
  ...newDraft(),
  label: 'granite',
  host: 'granite.example.org',
  user: 'ada',
};

const issueOf = (changes: Partial<ComputerDraft>, field: string): string =>
  checkDraft({ ...sound, ...changes }).issues[field] ?? '';

describe('the form of a computer', () => {
  it('is a configuration of the contract once host, user and label are there', () => {
    const { config, issues } = checkDraft(sound);
    expect(issues).toEqual({});
    expect(computerConfig.parse(config)).toEqual(config);
  });

  it('says what is missing at each field of an empty form, and nothing at the others', () => {
    expect(Object.keys(checkDraft(newDraft()).issues)).toEqual(['label', 'host', 'user']);
  });

  it.each([
    [{ label: 'my cluster' }, 'label', 'No blanks'],
    [{ label: 'pw@granite' }, 'label', 'code@computer'],
    [{ host: 'ada@granite' }, 'host', 'user name has a field of its own'],
    [{ host: 'ssh://granite' }, 'host', 'without “ssh://”'],
    [{ host: 'granite:2222' }, 'host', 'port has a field of its own'],
    [{ host: '-oProxyCommand=x' }, 'host', 'Letters, digits'],
    [{ host: '-granite' }, 'host', 'does not begin with'],
    [{ port: 0 }, 'port', '1 to 65535'],
    [{ port: NaN }, 'port', '1 to 65535'],
    [{ port: null }, 'port', '1 to 65535'],
    [{ port: 22.5 }, 'port', '1 to 65535'],
    [{ user: '' }, 'user', 'Your user name'],
    [{ user: '-l' }, 'user', 'Letters, digits'],
    [{ auth: 'key', keyPath: '' }, 'keyPath', 'The path of your private key'],
    [{ auth: 'key', keyPath: '~/.ssh/id.pub' }, 'keyPath', 'The private key is ~/.ssh/id.'],
    [{ auth: 'key', keyPath: 'id_rsa' }, 'keyPath', 'A whole path'],
    [{ jumps: [{ host: '', port: 22, user: 'ada' }] }, 'jumps.0.host', 'The name or address'],
    [{ workDirectory: '~/work' }, 'workDirectory', 'Write {home} instead of ~.'],
    [{ workDirectory: 'work' }, 'workDirectory', 'An absolute path'],
    [{ workDirectory: '/scratch/{user}' }, 'workDirectory', '{user} is not filled in'],
    [{ workDirectory: '/scratch/{username' }, 'workDirectory', 'A brace is not closed'],
    [{ workDirectory: '{home}work' }, 'workDirectory', 'A / comes after'],
    [{ workDirectory: '/scratch/../etc' }, 'workDirectory', 'Without “..”'],
    [{ shebang: '/bin/bash' }, 'shebang', 'Begins with #!'],
    [{ mpirun: 'srun -n {n}' }, 'mpirun', '{n} is not filled in'],
    [{ mpirun: 'srun "-n' }, 'mpirun', 'is not closed'],
    [{ mpiprocs: 0 }, 'mpiprocs', 'A whole number above 0'],
    [{ mpiprocs: 1.5 }, 'mpiprocs', 'A whole number above 0'],
    [{ memory: -1 }, 'memory', 'A number above 0'],
    [{ memory: NaN }, 'memory', 'A number above 0'],
    [{ pollInterval: 0 }, 'pollInterval', '0.1 to 86400'],
    [{ pollInterval: null }, 'pollInterval', '0.1 to 86400'],
    [{ maxJobs: 0 }, 'maxJobs', '1 to 1000000'],
    [{ maxTransfers: 21 }, 'maxTransfers', '1 to 20'],
  ] as const)('says at the field what is wrong with %j', (changes, field, words) => {
    expect(issueOf(changes as Partial<ComputerDraft>, field)).toContain(words);
    expect(checkDraft({ ...sound, ...(changes as Partial<ComputerDraft>) }).config).toBeNull();
  });

  it('does not ask for a host where the computer is this machine', () => {
    expect(checkDraft({ ...newDraft(), label: 'here', transport: 'core.local' }).issues).toEqual({});
  });

  it('refuses a label that another computer has', () => {
    expect(checkDraft(sound, ['granite']).issues).toEqual({
      label: 'There is a computer called “granite” already.',
    });
  });

  it('counts memory in units of 1024 and sends kB', () => {
    const kB = (changes: Partial<ComputerDraft>) =>
      checkDraft({ ...sound, ...changes }).config?.defaultMemoryPerMachine;
    expect(kB({ memory: 4, memoryUnit: 'GiB' })).toBe(4 * 1024 * 1024);
    expect(kB({ memory: 1.5, memoryUnit: 'MiB' })).toBe(1536);
    expect(kB({ memory: null })).toBeNull();
  });

  const anyText = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[A-Za-z0-9./{}~:#! @_-]{0,24}$/),
    fc.constantFrom(
      '/scratch/{username}/x',
      '{home}/w',
      '#!/bin/sh',
      'srun -n {tot_num_mpiprocs}',
      'a.b',
      '',
    ),
  );
  const anyNumber = fc.oneof(fc.constant(null), fc.constant(NaN), fc.integer(), fc.double());
  const anyDraft: fc.Arbitrary<ComputerDraft> = fc.record({
    label: anyText,
    description: anyText,
    transport: fc.constantFrom('core.local', 'core.ssh'),
    host: anyText,
    port: anyNumber,
    user: anyText,
    auth: fc.constantFrom('agent', 'key', 'password'),
    keyPath: anyText,
    jumps: fc.array(fc.record({ host: anyText, port: anyNumber, user: anyText }), { maxLength: 5 }),
    scheduler: fc.constantFrom('core.direct', 'core.slurm'),
    workDirectory: anyText,
    shebang: anyText,
    mpirun: anyText,
    mpiprocs: anyNumber,
    memory: anyNumber,
    memoryUnit: fc.constantFrom('MiB', 'GiB'),
    prependText: anyText,
    appendText: anyText,
    pollInterval: anyNumber,
    maxJobs: anyNumber,
    maxTransfers: anyNumber,
  });

  /** A sound form with a few fields taken from a wild one: most of these would never pass as a whole. */
  const nearlySound = fc
    .tuple(anyDraft, fc.subarray(Object.keys(sound) as (keyof ComputerDraft)[]))
    .map(([wild, keys]) => ({ ...sound, ...Object.fromEntries(keys.map((key) => [key, wild[key]])) }));

  it('lets nothing pass that the contract refuses, and changes nothing of what passes', () => {
    let passed = 0;
    fc.assert(
      fc.property(nearlySound, (draft) => {
        const { config } = checkDraft(draft);
        if (config === null) return;
        passed++;
        expect(computerConfig.parse(config)).toEqual(config);
        expect(checkDraft(draftOf(config)).config).toEqual(config);
      }),
      { numRuns: 2000 },
    );
    expect(passed).toBeGreaterThan(50);
  });
});

describe('the form of a code', () => {
  const computer = '11111111-2222-4333-8444-555555555555';
  const code: CodeDraft = { ...newCode(computer), label: 'bash', executable: '/bin/bash' };

  it.each([
    [{ computer: '' }, 'computer', 'Choose the computer'],
    [{ label: '' }, 'label', 'Give it a name'],
    [{ label: 'pw@granite' }, 'label', 'comes by itself'],
    [{ label: 'taken' }, 'label', 'already'],
    [{ executable: '' }, 'executable', 'The absolute path'],
    [{ executable: 'pw.x' }, 'executable', 'begins with “/”'],
    [{ executable: '/opt/pw.x -npool 4' }, 'executable', 'arguments come from the calculation'],
    [{ executable: '/opt/qe/' }, 'executable', 'That is a folder'],
    [{ executable: '/opt\u0007/pw.x' }, 'executable', 'control characters'],
  ] as const)('says at the field what is wrong with %j', (changes, field, words) => {
    expect(checkCode({ ...code, ...changes }, ['taken']).issues[field]).toContain(words);
  });

  it('lets nothing pass that the contract refuses', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^\/?[a-z./ -]{0,12}$/));
    fc.assert(
      fc.property(
        text,
        text,
        fc.constantFrom('calculation', 'yes', 'no' as const),
        (label, executable, mpi) => {
          const { config } = checkCode({ ...code, label, executable, mpi: mpi as 'yes' });
          if (config !== null) expect(codeConfig.parse(config)).toEqual(config);
        },
      ),
    );
    expect(checkCode({ ...code, mpi: 'no' }).config?.withMpi).toBe(false);
    expect(checkCode(code).config?.withMpi).toBeNull();
  });
});
