import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findProgram } from '../../../support/programs.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { code, run, samples, script } from './samples.ts';

/** `UPDATE_GOLDEN=1` writes the files anew, to be looked at in the diff. */
function golden(name: string, text: string): string {
  const file = join(import.meta.dirname, 'golden', `${name}.sh`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return readFileSync(file, 'utf8');
}

describe('a job script', () => {
  test.each(Object.keys(samples))('is as it was: %s', (name) => {
    const text = script(samples[name]);
    expect(text).toBe(golden(name, text));
  });

  test.each(['sh', 'bash', 'dash'].filter((shell) => findProgram(shell) !== null))(
    'can be parsed by %s',
    (shell) => {
      for (const [name, wish] of Object.entries(samples)) {
        const checked = spawnSync(shell, ['-n'], { input: script(wish), encoding: 'utf8' });
        expect([name, checked.status, checked.stderr]).toEqual([name, 0, '']);
      }
    },
  );

  test('has exactly the directives that were asked for, whatever a person typed elsewhere', () => {
    const lines = fc.string({
      unit: fc.constantFrom('#SBATCH --wrap=x', '\n', '\r\n', ' ', 'text', "'", '#', '!'),
      maxLength: 12,
    });
    const line = fc.string({
      unit: fc.constantFrom('#SBATCH --wrap=x', ' ', 'text', "'", '#'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(lines, lines, line, fc.array(line, { maxLength: 4 }), (before, after, value, words) => {
        const text = script({
          computer: { prependText: before, appendText: after },
          codes: [code({ prependText: before, executable: `/bin/${value}` })],
          options: { prepend_text: before, append_text: after, environment_variables: { A: value } },
          calculation: {
            prependText: before,
            runs: [run({ arguments: words, stdin: value, stdout: value })],
          },
        });
        // Slurm reads directives up to the first line that is none and no comment
        const block = text.split('\n').slice(1);
        const end = block.findIndex((one) => one.trim() !== '' && !one.startsWith('#'));
        const directives = block.slice(0, end).filter((one) => one.startsWith('#SBATCH'));
        expect(directives.map((one) => one.split('=')[0])).toEqual([
          '#SBATCH --no-requeue',
          '#SBATCH --get-user-env',
          '#SBATCH --output',
          '#SBATCH --error',
          '#SBATCH --open-mode',
          '#SBATCH --nodes',
          '#SBATCH --ntasks-per-node',
        ]);
      }),
    );
  });

  test('fills the mpirun command in, and only with MPI', () => {
    const mpi = { computer: { mpirunCommand: ['mpirun', '-np', '{tot_num_mpiprocs}'] } };
    expect(script(mpi)).not.toContain('mpirun');
    expect(
      script({ ...mpi, options: { withmpi: true, resources: { num_mpiprocs_per_machine: 4 } } }),
    ).toContain(`'mpirun' '-np' '4' '/usr/bin/pw.x'`);
    expect(script({ ...mpi, codes: [code({ withMpi: true })] })).toContain(`'mpirun' '-np' '1'`);
  });

  test('tells the calculation the exit status of its command, whatever else comes after it', () => {
    const text = script({
      computer: { scheduler: 'core.direct', appendText: 'true' },
      codes: [code({ executable: '/bin/sh', appendText: 'true' })],
      options: { append_text: 'date' },
      calculation: { runs: [run({ arguments: ['-c', 'exit 7'] })], appendText: 'echo "it was $?"' },
    });
    const lines = text.slice(text.indexOf("'/bin/sh'"));
    const { stdout } = spawnSync('sh', ['-c', lines], { encoding: 'utf8' });
    expect(stdout.split('\n')[0]).toBe('it was 7');
  });

  test('is refused where code and options contradict each other about MPI', () => {
    expect(() => script({ codes: [code({ withMpi: false })], options: { withmpi: true } })).toThrow(
      expect.objectContaining({ code: 'mpi-conflict', message: expect.stringContaining('the code “pw”') }),
    );
  });

  test('is refused where the mpirun command wants what no job has', () => {
    const wish = { computer: { mpirunCommand: ['srun', '{nodes}'] }, options: { withmpi: true } };
    expect(() => script(wish)).toThrow(expect.objectContaining({ code: 'bad-mpirun' }));
  });

  test('lets a variable through where the code is written with double quotes', () => {
    const text = script({
      codes: [code({ executable: '$TOOL', useDoubleQuotes: true })],
      calculation: { runs: [run({ arguments: [`%s|`, `say "hi", it's $WORD`] })] },
    });
    const line = text.split('\n').findLast((one) => one.startsWith('"$TOOL"')) ?? '';
    const { stdout } = spawnSync('sh', ['-c', line], {
      encoding: 'utf8',
      env: { TOOL: '/usr/bin/printf', WORD: 'fine' },
    });
    expect(stdout).toBe(`say "hi", it's fine|`);
  });
});

/** Runs the guard of a script as job `id` in a folder. */
function runAs(folder: string, id: string, body: string, shell = 'bash') {
  const text = script({ calculation: { runs: [], prependText: body } });
  writeFileSync(join(folder, 'script.sh'), text);
  return spawnSync(shell, ['script.sh'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, SLURM_SUBMIT_DIR: folder, SLURM_JOB_ID: id },
  });
}

describe.each(['bash', 'dash', 'sh'].filter((shell) => findProgram(shell) !== null))(
  'the guard in %s',
  (shell) => {
    test('leaves a note of the end with exit code, job and times', () => {
      const folder = temporaryFolder();
      expect(runAs(folder, '17', 'exit 5', shell).status).toBe(5);
      const note = readFileSync(join(folder, '.done'), 'utf8');
      expect(note).toMatch(/^rc=5\njob=17\nstart=\d+\nend=\d+\nhost=\S+\n$/);
      expect(readFileSync(join(folder, '.run'), 'utf8')).toBe('17');
    });

    test('says of a script that a signal ended that it did not succeed', () => {
      for (const [signal, exitStatus] of [
        ['TERM', 143],
        ['USR1', 138],
        ['XCPU', 152],
      ] as const) {
        const folder = temporaryFolder();
        const ran = runAs(folder, '17', `true; kill -${signal} $$; echo still here`, shell);
        expect([signal, ran.status, ran.stdout]).toEqual([signal, exitStatus, '']);
        expect(readFileSync(join(folder, '.done'), 'utf8')).toMatch(new RegExp(`^rc=${exitStatus}\n`));
      }
    });

    test('ends a second job of the attempt, and lets the same job run again', () => {
      const folder = temporaryFolder();
      const count = 'echo x >> counter';
      expect(runAs(folder, '17', count, shell).status).toBe(0);
      expect(runAs(folder, '18', count, shell).status).toBe(97);
      expect(runAs(folder, '17', count, shell).status).toBe(0);
      expect(readFileSync(join(folder, 'counter'), 'utf8')).toBe('x\nx\n');
      expect(readFileSync(join(folder, '.done'), 'utf8')).toContain('job=17');
    });

    test('does not begin a job that cannot write, or whose folder is gone', () => {
      const folder = temporaryFolder();
      const wrong = spawnSync(shell, ['-c', script({ calculation: { runs: [] } })], {
        env: { ...process.env, SLURM_SUBMIT_DIR: join(folder, 'gone'), SLURM_JOB_ID: '1' },
      });
      expect(wrong.status).toBe(98);
    });
  },
);

test('of many jobs of one attempt that start at the same moment exactly one runs', () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'script.sh'),
    script({ calculation: { runs: [], prependText: 'echo $SLURM_JOB_ID >> counter' } }),
  );
  for (let round = 1; round <= 25; round++) {
    const inside = join(folder, String(round));
    mkdirSync(inside);
    const race = `cd '${inside}'; for i in 1 2 3 4 5 6; do SLURM_JOB_ID=$i SLURM_SUBMIT_DIR='${inside}' sh ../script.sh & done; wait`;
    spawnSync('sh', ['-c', race]);
    const ran = readFileSync(join(inside, 'counter'), 'utf8').trim().split('\n');
    expect(ran).toHaveLength(1);
    expect(readFileSync(join(inside, '.run'), 'utf8')).toBe(ran[0]);
  }
});
