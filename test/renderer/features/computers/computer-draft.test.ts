import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeDraftOf } from '#renderer/features/computers/code-draft.ts';
import {
  draftOfRow,
  newDraft,
  sshHostWords,
  withScheduler,
  withSshHost,
  withTransport,
} from '#renderer/features/computers/computer-draft.ts';
import { memoryText } from '#renderer/features/computers/computer-facts.ts';
import { readWords, writeWords } from '#renderer/features/computers/shell-words.ts';

const host = {
  name: 'granite',
  hostname: 'login1.granite.example.org',
  user: 'ada',
  port: 2222,
  identityFile: '~/.ssh/granite',
  jumps: [{ host: 'gate.example.org', user: 'ada', port: 22 }],
  notes: [],
};

describe('the form of a computer', () => {
  it('takes everything over that ~/.ssh/config says, and keeps a label that was typed', () => {
    const filled = withSshHost(newDraft(), host);
    expect(filled).toMatchObject({
      label: 'granite',
      host: 'login1.granite.example.org',
      port: 2222,
      user: 'ada',
      auth: 'key',
      keyPath: '~/.ssh/granite',
      jumps: [{ host: 'gate.example.org', user: 'ada', port: 22 }],
    });
    expect(withSshHost({ ...newDraft(), label: 'mine' }, host).label).toBe('mine');
    expect(withSshHost(newDraft(), { ...host, identityFile: '' }).auth).toBe('agent');
    expect(sshHostWords(host)).toBe(
      'ada@login1.granite.example.org, port 2222, key ~/.ssh/granite, through gate.example.org',
    );
  });

  it('proposes the launcher of the scheduler, but never in the place of one that was typed', () => {
    expect(withScheduler(newDraft(), 'core.direct').mpirun).toBe('mpirun -np {tot_num_mpiprocs}');
    expect(withScheduler({ ...newDraft(), mpirun: 'aprun' }, 'core.direct').mpirun).toBe('aprun');
    const local = withTransport(newDraft(), 'core.local');
    expect(local).toMatchObject({ scheduler: 'core.direct', pollInterval: 1 });
    expect(withTransport(local, 'core.ssh')).toEqual(newDraft());
  });

  it('begins with the name of a computer that came with an archive', () => {
    const row = {
      uuid: '11111111-2222-4333-8444-555555555555',
      label: 'daint',
      hostname: 'daint.example.org',
      description: 'old',
      transportType: 'core.ssh',
      schedulerType: 'core.slurm',
      enabled: false,
      configured: false,
      codes: 0,
      calculations: 0,
    };
    expect(draftOfRow(row)).toMatchObject({ label: 'daint', host: 'daint.example.org', user: '' });
    expect(draftOfRow({ ...row, transportType: 'local', schedulerType: 'direct' })).toMatchObject({
      transport: 'core.local',
      scheduler: 'core.direct',
      host: '',
    });
  });
});

describe('a command as words', () => {
  it('is split as a shell splits it', () => {
    expect(readWords(`srun  -n {tot_num_mpiprocs} "a b" 'c "d"' e""f ""`)).toEqual({
      ok: true,
      words: ['srun', '-n', '{tot_num_mpiprocs}', 'a b', 'c "d"', 'ef', ''],
    });
    expect(readWords('srun "-n')).toEqual({ ok: false, problem: 'A " is not closed.' });
    expect(readWords('  ')).toEqual({ ok: true, words: [] });
  });

  it('comes back from what is written of it, whatever the words are', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(readWords(writeWords(words))).toEqual({ ok: true, words });
      }),
    );
  });
});

describe('a stored code', () => {
  it('fills the form again, also one of an older AiiDA', () => {
    const node = { computerUuid: 'c', label: 'pw', description: 'for tests' };
    expect(
      codeDraftOf(
        node,
        '{"filepath_executable": "/opt/pw.x", "input_plugin": "quantumespresso.pw", "with_mpi": true, "prepend_text": "module load qe", "append_text": ""}',
      ),
    ).toEqual({
      computer: 'c',
      label: 'pw',
      description: 'for tests',
      executable: '/opt/pw.x',
      defaultPlugin: 'quantumespresso.pw',
      mpi: 'yes',
      prependText: 'module load qe',
      appendText: '',
    });
    expect(codeDraftOf(node, '{"remote_exec_path": "/old/pw.x", "input_plugin": null}')).toMatchObject({
      executable: '/old/pw.x',
      mpi: 'calculation',
    });
  });
});

describe('memory in words', () => {
  it.each([
    [4 * 1024 * 1024, '4 GiB'],
    [1536, '1536 KiB'],
    [2048, '2 MiB'],
  ])('shows %d kB of 1024 bytes as %s', (kB, words) => {
    expect(memoryText(kB)).toBe(words);
  });
});
