import { describe, expect, test } from 'vitest';
import { nothingSaid } from '#shared/provenance/archive-words.ts';
import { defaultImportOptions } from '#shared/contract/areas/import-defaults.ts';
import { parseArguments } from '#main/cli/arguments.ts';

const parsed = (line: string) => parseArguments(line.split(' ').filter((word) => word !== ''));

const plainExport = {
  kind: 'archive-export',
  about: nothingSaid,
  anonymous: null,
  withoutPurged: false,
  dryRun: false,
} as const;

describe('a command line', () => {
  test.each([
    ['serve', { kind: 'serve', profile: null, port: 0, open: true }],
    ['serve --profile P --port 8080 --no-open', { kind: 'serve', profile: 'P', port: 8080, open: false }],
    [
      'resume 1c5e --preview --again a --again b/c --json',
      {
        kind: 'resume',
        uuid: '1c5e',
        again: ['a', 'b/c'],
        preview: true,
        wait: false,
        profile: null,
        json: true,
      },
    ],
    ['archive info a.aiida', { kind: 'archive-info', file: 'a.aiida', json: false }],
    ['archive info --json a.aiida', { kind: 'archive-info', file: 'a.aiida', json: true }],
    [
      'archive import a.aiida --profile P --json',
      {
        kind: 'archive-import',
        files: ['a.aiida'],
        options: defaultImportOptions,
        dryRun: false,
        profile: 'P',
        json: true,
      },
    ],
    [
      'archive import a.aiida https://example.org/b.aiida --extras-mode-existing mirror --extras-mode-new none --comment-mode newest --include-authinfos --group G --dry-run',
      {
        kind: 'archive-import',
        files: ['a.aiida', 'https://example.org/b.aiida'],
        options: {
          extrasExisting: 'mirror',
          extrasNew: 'none',
          comments: 'newest',
          group: { kind: 'named', label: 'G' },
          authInfos: true,
        },
        dryRun: true,
        profile: null,
        json: false,
      },
    ],
    [
      'archive import a.aiida --no-import-group',
      {
        kind: 'archive-import',
        files: ['a.aiida'],
        options: { ...defaultImportOptions, group: { kind: 'none' } },
        dryRun: false,
        profile: null,
        json: false,
      },
    ],
    [
      'archive export o.aiida --profile P --all',
      {
        ...plainExport,
        out: 'o.aiida',
        what: { kind: 'all' },
        force: false,
        profile: 'P',
        json: false,
      },
    ],
    [
      'archive export o.aiida --profile P --node A B C',
      {
        ...plainExport,
        out: 'o.aiida',
        what: { kind: 'nodes', uuids: ['A', 'B', 'C'] },
        force: false,
        profile: 'P',
        json: false,
      },
    ],
    [
      'archive export o.aiida --node A --node B --force',
      {
        ...plainExport,
        out: 'o.aiida',
        what: { kind: 'nodes', uuids: ['A', 'B'] },
        force: true,
        profile: null,
        json: false,
      },
    ],
    [
      'archive export --profile P --group G o.aiida --json',
      {
        ...plainExport,
        out: 'o.aiida',
        what: { kind: 'group', label: 'G' },
        force: false,
        profile: 'P',
        json: true,
      },
    ],
    [
      'archive export o.aiida --all --author A --title T --anonymous --leave-out-files --dry-run',
      {
        ...plainExport,
        out: 'o.aiida',
        what: { kind: 'all' },
        about: { ...nothingSaid, author: 'A', title: 'T' },
        anonymous: { files: 'leave-out' },
        dryRun: true,
        force: false,
        profile: null,
        json: false,
      },
    ],
    [
      'process list --profile P --json',
      { kind: 'process-list', filter: '', limit: 1000, profile: 'P', json: true },
    ],
    [
      'launch core.arithmetic.add --inputs i.json --profile P --wait',
      {
        kind: 'launch',
        plugin: 'core.arithmetic.add',
        inputs: 'i.json',
        caching: null,
        rules: null,
        wait: true,
        profile: 'P',
        json: false,
      },
    ],
    [
      'launch core.shell --inputs i.json --no-cache --rules r.json',
      {
        kind: 'launch',
        plugin: 'core.shell',
        inputs: 'i.json',
        caching: 'no',
        rules: 'r.json',
        wait: false,
        profile: null,
        json: false,
      },
    ],
    [
      'process cache 1c5e --profile P --json',
      { kind: 'process-cache', uuid: '1c5e', profile: 'P', json: true },
    ],
    ['check --profile P', { kind: 'check', readFiles: false, profile: 'P', json: false }],
    ['', { kind: 'help' }],
    ['--help', { kind: 'help' }],
    ['archive export -h', { kind: 'help' }],
    ['--version', { kind: 'version' }],
  ])('is understood: stemma %s', (line, command) => {
    expect(parsed(line)).toEqual(command);
  });

  test.each([
    ['conquer', 'There is no command “conquer”.'],
    ['archive', '“archive” wants info, import or export.'],
    ['archive import', 'FILE is missing.'],
    [
      'archive import a --group G --no-import-group',
      '“archive import” wants --group LABEL or --no-import-group, not both.',
    ],
    ['archive import a --comment-mode all', '--comment-mode wants leave, newest or overwrite, not “all”.'],
    ['archive open x', 'not “open”'],
    ['archive info', 'FILE is missing.'],
    ['archive info a b', '“b” is one argument too many.'],
    ['archive export o.aiida', 'exactly one of --all, --node UUID… and --group LABEL'],
    ['archive export o.aiida --all --group G', 'exactly one of'],
    ['archive export o.aiida extra --all', '“extra” is one argument too many.'],
    ['archive export --all', 'OUT is missing.'],
    ['serve --port 70000', '--port wants a whole number from 0 to 65535, not “70000”.'],
    ['serve --port -1', '--port'],
    ['serve --port=1e3', '--port wants a whole number'],
    ['serve --prot 1', '--prot'],
    ['launch core.shell', '--inputs FILE.json is missing.'],
    ['launch core.shell --inputs i --cache --no-cache', '“launch” wants --cache or --no-cache, not both.'],
    ['process cache', 'UUID is missing.'],
    ['check --profile', '--profile'],
  ])('is refused in words: stemma %s', (line, words) => {
    expect(() => parsed(line)).toThrow(
      expect.objectContaining({ code: 'bad-arguments', message: expect.stringContaining(words) }),
    );
  });
});

describe('export', () => {
  test('takes a form, where to, and what', () => {
    expect(parseArguments(['export', 'crate', 'out.zip', '--all', '--licence', 'CC-BY-4.0'])).toMatchObject({
      kind: 'export',
      out: 'out.zip',
      what: { kind: 'all' },
      form: { kind: 'crate', packed: true, licence: 'CC-BY-4.0' },
    });
    expect(parseArguments(['export', 'folders', 'out', '--node', 'a', 'b'])).toMatchObject({
      what: { kind: 'nodes', uuids: ['a', 'b'] },
      form: { kind: 'folders', packed: false },
    });
  });

  test.each([
    [['export'], 'wants crate'],
    [['export', 'pdf', 'out'], 'not “pdf”'],
    [['export', 'prov', 'out'], 'exactly one of'],
    [['export', 'prov', '--all'], 'OUT is missing'],
    [['export', 'prov', 'out', '--all', '--licence', 'MIT'], 'for “export crate” only'],
  ])('%j is refused in words', (argv, words) => {
    expect(() => parseArguments(argv)).toThrow(words);
  });
});
