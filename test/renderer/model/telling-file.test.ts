import { describe, expect, test } from 'vitest';
import type { FileEntry } from '#shared/contract/areas/nodes.ts';
import { fileTree } from '#renderer/model/file-tree.ts';
import { tellingFile } from '#renderer/model/telling-file.ts';

const file = (path: string, more: Partial<FileEntry> = {}): FileEntry => ({
  path,
  kind: 'file',
  size: 10,
  hash: '',
  ...more,
});

const opened = (...files: readonly FileEntry[]): string | null =>
  tellingFile(fileTree([{ title: 'Files', node: 'n', files }]));

describe('the file that is open before anybody chooses', () => {
  test.each<readonly [paths: readonly string[], found: string | null]>([
    [[], null],
    [['deep/only.dat'], 'n:deep/only.dat'],
    [['aiida.out', 'README.md', 'x'], 'n:README.md'],
    [['_scheduler-stdout.txt', 'aiida.out', '_scheduler-stderr.txt'], 'n:aiida.out'],
    [['_scheduler-stderr.txt', '_scheduler-stdout.txt', 'x.dat'], 'n:_scheduler-stdout.txt'],
    [['a.npy', 'run/scf.out'], 'n:run/scf.out'],
    // nearer to the top first
    [['a/README', 'readme.txt'], 'n:readme.txt'],
    [['a.npy', 'b.npy'], null],
    [['layout', 'myreadme.md'], null],
  ])('of %j is %j', (paths, found) => {
    expect(opened(...paths.map((path) => file(path)))).toBe(found);
  });

  test('is none that is empty, missing or purged, unless it is the only one', () => {
    const others = [file('a.npy'), file('b.npy')];
    const purged = { at: 0 } as unknown as NonNullable<FileEntry['purged']>;
    expect(opened(file('README', { size: 0 }), ...others)).toBeNull();
    expect(opened(file('README', { size: null }), ...others)).toBeNull();
    expect(opened(file('README', { purged }), file('aiida.out'), ...others)).toBe('n:aiida.out');
    expect(opened(file('empty', { size: 0 }))).toBe('n:empty');
  });
});
