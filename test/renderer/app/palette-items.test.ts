import { describe, expect, it } from 'vitest';
import type { Command } from '#renderer/app/commands/command.ts';
import { paletteItems, readPalette, type PaletteSources } from '#renderer/app/commands/palette-items.ts';
import { fillPattern } from '#renderer/app/router/pattern.ts';

const command = (id: string, title: string, more: Partial<Command> = {}): Command => ({
  id,
  title,
  group: 'General',
  run: () => {},
  ...more,
});

const node = {
  uuid: '0a1b2c3d-0000-4000-8000-000000000000',
  pk: 7,
  kind: 'workflow' as const,
  nodeType: 'process.workflow.workchain.WorkChainNode.',
  name: 'Si bands',
  summary: '',
  state: 'failed' as const,
  ctime: 0,
};

const sources: PaletteSources = {
  nearby: [command('pause', 'Pause', { enabled: () => false }), command('kill', 'Kill…')],
  commands: [
    command('pause', 'Pause', { enabled: () => false }),
    command('kill', 'Kill…'),
    command('theme', 'Theme: dark', { words: 'appearance night' }),
    command('secret', 'Hidden', { hidden: true }),
  ],
  recentCommands: ['theme', 'gone'],
  places: [{ address: '#/process/x', title: 'MgO scf', kind: 'calculation' }],
  hits: [
    { kind: 'group', uuid: node.uuid, label: 'silicon', count: 1 },
    { kind: 'node', node, matched: '' },
  ],
  resolved: [node],
  groups: [
    { uuid: node.uuid, label: 'silicon', typeString: '', description: '', user: '', time: 0, count: 3 },
  ],
  computers: [],
  href: (pattern, params, query) => `#${fillPattern(pattern, params, query)}`,
};

const titles = (text: string): readonly string[] =>
  paletteItems(text, sources).map(({ section, title }) => `${section}: ${title}`);

describe('the palette', () => {
  it('begins with what can be done here, then what was used last', () => {
    expect(titles('')).toEqual([
      'Here: Kill…',
      'Recent: MgO scf',
      'Used last: Theme: dark',
      'Commands: Pause',
    ]);
  });

  it('finds commands by other words, and lists finds of the core by kind', () => {
    expect(titles('night')).toEqual([
      'Commands: Theme: dark',
      'Processes: Si bands',
      'Groups: silicon',
      'Search: All nodes with “night”',
    ]);
  });

  it('leads on to the list of all nodes, with what was typed as a filter', () => {
    const addressOf = (text: string): unknown => paletteItems(text, sources).at(-1)?.does;
    expect(addressOf('type:Dict ctime>7d')).toEqual({
      kind: 'go',
      address: '#/data?all=true&filter=type%3ADict+ctime%3E7d',
    });
    expect(addressOf('silicon (')).toEqual({
      kind: 'go',
      address: '#/data?all=true&filter=silicon+%22%28%22',
    });
  });

  it('narrows by prefix', () => {
    expect(readPalette('> theme')).toEqual({ mode: 'commands', words: 'theme' });
    expect(titles('>dark')).toEqual(['Commands: Theme: dark']);
    expect(titles('#sil')).toEqual(['Groups: silicon']);
    expect(titles(':0a1b')).toEqual(['Processes: Si bands']);
  });

  it('shows a command that cannot run now as such', () => {
    const [pause] = paletteItems('>pause', sources);
    expect(pause).toMatchObject({ title: 'Pause', disabled: true });
  });

  it('leads to the page of what was found', () => {
    const [found] = paletteItems(':7', sources);
    expect(found?.does).toEqual({ kind: 'go', address: `#/process/${node.uuid}` });
  });
});
