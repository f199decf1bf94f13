import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('every run-time dependency', () => {
  const { dependencies } = JSON.parse(read('package.json')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  /** Names in the first column of the tables. */
  const listed = read('docs/dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));

  test('stands in docs/dependencies.md, and nothing else does', () => {
    expect(listed.toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });

  test('has a purpose, a size, a licence and an exit there', () => {
    const rows = read('docs/dependencies.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    for (const row of rows) {
      const cells = row.split('|').slice(1, -1);
      expect(cells, row).toHaveLength(5);
      for (const cell of cells) expect(cell.trim(), row).not.toBe('');
    }
  });
});

describe('every room', () => {
  const rooms = ['src-main', 'src-shared'].flatMap((side) =>
    readdirSync(join(root, side), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${side}/${name}`),
  );

  test.each(rooms)('%s has a README of at most a page, and stands in the architecture', (room) => {
    const file = `${room}/README.md`;
    expect(existsSync(join(root, file)), file).toBe(true);
    expect(read(file).split('\n').length).toBeLessThan(60);
    expect(read('docs/architecture.md')).toContain(`\`${room}\``);
  });
});

describe('a document', () => {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name));
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    ...['docs', 'src-main', 'src-shared', 'src-renderer'].flatMap(inFolder),
  ];

  test.each(documents)('%s links only to what is there', (file) => {
    const links = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
    for (const target of links) {
      if (/^(https?:|mailto:|#)/.test(target)) continue;
      const path = join(root, dirname(file), target.split('#')[0] ?? '');
      expect(existsSync(path), `${file} links to ${target}`).toBe(true);
    }
  });
});
