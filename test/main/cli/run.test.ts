import { describe, expect, test } from 'vitest';
import { userError } from '#shared/base/errors.ts';
import { ran } from './fake-world.ts';

describe('stemma', () => {
  test('says its version and its help on stdout', async () => {
    expect(await ran(['--version'])).toMatchObject({ status: 0, stdout: '1.2.3\n', stderr: [] });
    const { stdout } = await ran(['--help']);
    for (const name of [
      'serve',
      'archive info',
      'archive import',
      'archive export',
      'process list',
      'process answer',
      'launch',
      'check',
    ]) {
      expect(stdout).toContain(`stemma ${name}`);
    }
  });

  test('ends with 2 and one line where the command line is wrong', async () => {
    const { status, stderr, opened } = await ran(['archive', 'export', 'x']);
    expect(status).toBe(2);
    expect(stderr).toHaveLength(1);
    expect(opened).toEqual([]);
  });

  test('ends with 1 and one line where the core refuses, and closes it', async () => {
    const { status, stderr, closed } = await ran(['check', '--profile', '/p'], {
      'app.check': () => {
        throw userError({ code: 'x', message: 'It is\nbroken.', hint: 'Mend it.' });
      },
    });
    expect({ status, stderr, closed }).toEqual({ status: 1, stderr: ['It is broken. Mend it.'], closed: 1 });
  });

  test('gives the message of a profile in use as it is', async () => {
    const message = 'The profile at /p is in use by another instance of Stemma (process 1 on h).';
    const openCore = () => Promise.reject(userError({ code: 'profile-in-use', message }));
    expect(await ran(['check', '--profile', '/p'], {}, { openCore })).toMatchObject({
      status: 1,
      stderr: [message],
    });
  });

  test('uses the default profile where none is named', async () => {
    const { opened } = await ran(['check'], { 'app.check': () => ({ problems: [], checked: {} }) });
    expect(opened).toEqual(['/default']);
  });
});

describe('stemma check', () => {
  test('fails when it found a lie, and lists it', async () => {
    const { status, stdout, stderr } = await ran(['check'], {
      'app.check': () => ({
        problems: [{ code: 'object-missing', subject: 'abc', message: 'An object is gone.' }],
        checked: { nodes: 3 },
      }),
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: ['The check found 1 problem.'] });
    expect(stdout).toContain('object-missing');
  });

  test('reads every file where it is told to', async () => {
    const seen: unknown[] = [];
    const handlers = {
      'app.check': (input: unknown) => {
        seen.push(input);
        return { problems: [], checked: {} };
      },
    };
    await ran(['check', '--read-files'], handlers);
    await ran(['check'], handlers);
    expect(seen).toEqual([{ readObjects: true }, { readObjects: false }]);
  });
});
