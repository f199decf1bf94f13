import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ProcessSpec, ValueType } from '#shared/process/ports.ts';
import { launchRequestOf, type Lookups } from '#main/cli/commands/launch-inputs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const port = (...types: ValueType[]) => ({ kind: 'port', types, required: false, help: '' }) as const;

const spec: ProcessSpec = {
  id: 'p',
  kind: 'workflow',
  label: 'P',
  processType: '',
  summary: '',
  version: '1',
  inputs: {
    kind: 'namespace',
    required: true,
    help: '',
    ports: {
      whole: port('int'),
      number: port('float', 'int'),
      real: port('float'),
      word: port('str'),
      settings: port('dict'),
      code: port('code'),
      any: port('data'),
      file: port('file'),
      pw: {
        kind: 'namespace',
        required: false,
        help: '',
        ports: { structure: port('structure'), k: port('int') },
      },
      nodes: { kind: 'namespace', required: false, help: '', ports: {}, dynamic: ['data'] },
    },
  },
  outputs: { kind: 'namespace', required: true, help: '', ports: {} },
  exitCodes: [],
};

const id = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const lookups = (folder = '/'): Lookups => ({
  folder,
  code: (label) => Promise.resolve(label === 'add@here' ? id : null),
  computer: (label) => Promise.resolve(label === 'here' ? id : null),
  known: (what) =>
    Promise.resolve(what === 'code' ? ['add@here'] : Array.from({ length: 25 }, (_, i) => `c${i}`)),
});
const request = (file: unknown, folder?: string) =>
  launchRequestOf(spec, JSON.stringify(file), lookups(folder));

describe('a file of inputs', () => {
  test('takes plain values for the types that their ports take', async () => {
    const inputs = {
      whole: 1,
      number: 2,
      real: 3,
      word: 'x',
      settings: { a: [1] },
      any: [1, 2],
      nodes: { a: true },
      pw: { k: 4, structure: { node: id } },
    };
    expect((await request({ inputs })).inputs).toEqual({
      whole: { kind: 'value', type: 'int', value: 1 },
      number: { kind: 'value', type: 'int', value: 2 },
      real: { kind: 'value', type: 'float', value: 3 },
      word: { kind: 'value', type: 'str', value: 'x' },
      settings: { kind: 'value', type: 'dict', value: { a: [1] } },
      any: { kind: 'value', type: 'list', value: [1, 2] },
      nodes__a: { kind: 'value', type: 'bool', value: true },
      pw__k: { kind: 'value', type: 'int', value: 4 },
      pw__structure: { kind: 'node', uuid: id },
    });
  });

  test('takes a type that is named, a file beside it, and codes and computers by their labels', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'pot.upf'), 'UPF');
    const inputs = { number: { value: 2, type: 'float' }, file: { file: 'pot.upf' }, code: 'add@here' };
    expect(await request({ inputs, computer: 'here', label: 'l' }, folder)).toEqual({
      plugin: 'p',
      label: 'l',
      computer: id,
      inputs: {
        number: { kind: 'value', type: 'float', value: 2 },
        file: { kind: 'file', name: 'pot.upf', content: new TextEncoder().encode('UPF') },
        code: { kind: 'node', uuid: id },
      },
    });
  });

  test.each([
    [{ inputs: { nothing: 1 } }, 'The input “nothing”: p has none of that name.'],
    [{ inputs: { whole: 1.5 } }, 'The input “whole”: takes int, not 1.5.'],
    [{ inputs: { whole: 'x' } }, 'The input “whole”: takes int, not "x".'],
    [{ inputs: { code: 'mul@here' } }, 'there is no code “mul@here”'],
    [{ inputs: { file: { file: 'missing' } } }, 'The input “file”: ENOENT'],
    [{ computer: 'there' }, 'there is no computer “there”'],
    [{ x: 1 }, 'Unrecognized key'],
    [{ options: { max_wallclock_seconds: -1 } }, 'max_wallclock_seconds'],
    [[], 'The inputs are not valid'],
  ])('is refused in words: %j', async (file, words) => {
    await expect(request(file)).rejects.toMatchObject({
      code: 'bad-inputs',
      message: expect.stringContaining(words),
    });
  });

  test('says which codes, computers and inputs there are', async () => {
    const hintOf = (file: unknown) => request(file).catch(({ hint }: { readonly hint: string }) => hint);
    expect(await hintOf({ inputs: { code: 'mul@here' } })).toBe('Known are: add@here.');
    expect(await hintOf({ computer: 'there' })).toMatch(/^Known are: c0, c1, .*, c19 and 5 more\.$/);
    expect(await hintOf({ inputs: { nothing: 1 } })).toContain('whole');
  });

  test('that is no JSON is said to be none', async () => {
    await expect(launchRequestOf(spec, '{', lookups())).rejects.toThrow(/the file is no JSON/);
  });
});
