import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KnownStrings, type Identity } from '#main/archive/aiida/anonymous/known-strings.ts';
import { Pseudonyms } from '#main/archive/aiida/anonymous/pseudonyms.ts';
import {
  hostsOf,
  lookInto,
  lookIntoMembers,
  type Telling,
} from '#main/archive/aiida/anonymous/telling-texts.ts';

/** What one look tells, as `kind text`. */
function told(look: (tell: Telling) => void): readonly string[] {
  const found: string[] = [];
  const note = (kind: string) => (text: string) => void found.push(`${kind} ${text}`);
  look({
    login: note('login'),
    email: note('e-mail'),
    folder: note('folder'),
    account: note('account'),
    host: note('host'),
  });
  return found;
}

test('a login is found behind the escapes that programs leave in texts', () => {
  const known = new KnownStrings([{ kind: 'login', text: 'nadia', becomes: 'user-1' }]);
  for (const [text, becomes] of [
    [String.raw`"a\nnadia"`, String.raw`"a\nuser-1"`],
    [String.raw`C:\Users\nadia\x`, String.raw`C:\Users\user-1\x`],
    ['x%2Fhome%2Fnadia%2Fy', 'x%2Fhome%2Fuser-1%2Fy'],
    ['\u001B[1;31mnadia\u001B[0m', '\u001B[1;31muser-1\u001B[0m'],
    [String.raw`\u0022nadia\u0022`, String.raw`\u0022user-1\u0022`],
    ['NADIA nadia_run ~nadia/ nadias', 'user-1 user-1_run ~user-1/ nadias'],
  ] as const)
    expect(known.replace(text)).toBe(becomes);
});

test('a login of three letters is replaced only where what stands beside it says that it is one', () => {
  const names = new Pseudonyms();
  names.add('login', 'ptk', 'user-1');
  const known = new KnownStrings(names.found);
  expect(known.replace('/home/ptk/x ptk@login owner=ptk, USER: "ptk", but ptk is no word')).toBe(
    '/home/user-1/x user-1@login owner=user-1, USER: "user-1", but ptk is no word',
  );
});

test('a name is found however it is spelled', () => {
  const names = new Pseudonyms();
  names.add('name', 'Zoë Böhmer', 'user-1');
  const known = new KnownStrings(names.found);
  for (const text of [
    'Zoë Böhmer',
    'Zoë Böhmer'.normalize('NFD'),
    'zoe boehmer',
    'ZOE BOHMER',
    String.raw`Zo\u00eb B\u00f6hmer`,
  ])
    expect(known.replace(`by ${text}.`)).toBe('by user-1.');
});

test('finds what one expression with every known text would find', () => {
  const part = fc.constantFrom('ada', 'lov', 'x1', '/', '.', '@', '-', ' ', 'é');
  const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
  const known = fc.uniqueArray(
    fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(known, text, (texts, where) => {
      const identities = texts
        .filter((one) => /[\p{L}\p{N}]/u.test(one))
        .map((one, i): Identity => ({ kind: 'folder', text: one, becomes: `<${i}>` }));
      const longest = identities.toSorted((a, b) => b.text.length - a.text.length);
      const all = longest.map(({ text: one }) => one.replaceAll('.', String.raw`\.`)).join('|');
      const expected =
        all === ''
          ? where
          : where.replaceAll(
              new RegExp(`(?<![\\p{L}\\p{N}])(?:${all})(?![\\p{L}\\p{N}])`, 'gu'),
              (found) => identities.find((one) => one.text === found)?.becomes ?? '',
            );
      expect(new KnownStrings(identities).replace(where)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('many thousands of known folders take no longer to look for than one', () => {
  const folders = Array.from({ length: 20_000 }, (_, i): Identity => ({
    kind: 'folder',
    text: `/scratch/p${i}/x`,
    becomes: `/folder-${i}`,
  }));
  const text = 'cd /scratch/p7/x/y; '.repeat(5000);
  expect(new KnownStrings(folders).replace(text)).toBe('cd /folder-7/y; '.repeat(5000));
});

test('people, folders, accounts and machines are told by the texts of schedulers and scripts', () => {
  expect(
    told((tell) => lookInto('#SBATCH --account=s1073\n#PBS -A m17\ncd /scratch/snx/ada/run/1', tell)),
  ).toEqual(['folder /scratch/snx/ada', 'account s1073', 'account m17']);
  expect(told((tell) => lookInto('JobID|User|Account|NodeList|\n7|ada|s1|nid[08-10]|\n', tell))).toEqual([
    'login ada',
    'account s1',
    'host nid[08-10]',
    'host nid08',
    'host nid09',
    'host nid10',
  ]);
  expect(
    told((tell) =>
      lookIntoMembers(String.raw`{"a": {"account": "s2"}, "last": "{\"job_owner\": \"ada\"}"}`, tell),
    ),
  ).toEqual(['account s2', 'login ada']);
  expect(told((tell) => lookInto(`${'a'.repeat(100_000)} and/or eV/atom https://x.org/a/b`, tell))).toEqual(
    [],
  );
  expect(hostsOf('None assigned')).toEqual([]);
});
