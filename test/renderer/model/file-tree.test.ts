import { describe, expect, it } from 'vitest';
import { countFiles, fileTree, openableIds, type FileItem } from '#renderer/model/file-tree.ts';
import { isBinary, lookOf } from '#renderer/model/file-kinds.ts';

const file = (path: string) => ({ path, kind: 'file' as const, size: 1, hash: '' });
const folder = (path: string) => ({ path, kind: 'directory' as const, size: null, hash: '' });
const namesOf = (items: readonly FileItem[]): readonly string[] => items.map(({ name }) => name);

describe('the tree of the files of nodes', () => {
  const [root] = fileTree([
    {
      title: 'Retrieved',
      node: 'n',
      files: [file('out10'), file('out2'), file('z/inner/a.txt'), folder('z'), folder('empty')],
    },
  ]);

  it('puts folders first, and numbers in their order', () => {
    expect(namesOf(root?.kind === 'root' ? root.children : [])).toEqual(['empty', 'z', 'out2', 'out10']);
  });

  it('shows an empty folder, and folders that only a path names', () => {
    expect([...openableIds(root === undefined ? [] : [root])]).toEqual([
      'n:',
      'n:empty/',
      'n:z/',
      'n:z/inner/',
    ]);
  });

  it('counts files, not folders', () => {
    expect(countFiles(root === undefined ? [] : [root])).toBe(3);
  });

  it('keeps a file that is called as a member of Object apart', () => {
    const [odd] = fileTree([{ title: '', node: 'n', files: [file('__proto__/constructor')] }]);
    expect([...openableIds(odd === undefined ? [] : [odd])]).toEqual(['n:', 'n:__proto__/']);
  });
});

describe('what kind of file it is', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  it('takes UTF-8 for text, also with the odd byte', () => {
    expect(isBinary(bytes('Å ψ 測 plain'))).toBe(false);
    expect(isBinary(new Uint8Array([...bytes('mostly text '.repeat(20)), 0xff]))).toBe(false);
  });

  it('takes a NUL, or mostly invalid bytes, for binary', () => {
    expect(isBinary(new Uint8Array([65, 0, 66]))).toBe(true);
    expect(isBinary(Uint8Array.from({ length: 400 }, (_, i) => 128 + (i % 60)))).toBe(true);
  });

  it('does not take a letter that the looked-at part cuts in two for a bad byte', () => {
    expect(isBinary(bytes('測'.repeat(4000)))).toBe(false);
  });

  it('looks at the name only when the content is text', () => {
    expect(lookOf('a.json', bytes('{}'))).toBe('json');
    expect(lookOf('a.json', new Uint8Array([0]))).toBe('binary');
    expect(lookOf('aiida.out', bytes('x'))).toBe('text');
  });
});
