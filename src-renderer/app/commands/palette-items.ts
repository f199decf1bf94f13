import type { NodeRef } from '#shared/contract/common.ts';
import type { ComputerRow } from '#shared/contract/areas/computers.ts';
import type { SearchHit } from '#shared/contract/areas/nodes.ts';
import type { GroupRow } from '#shared/contract/areas/sharing.ts';
import type { NodeKind } from '#shared/provenance/node-types.ts';
import type { DisplayState } from '#shared/process/states.ts';
import { assertNever } from '#shared/base/assert.ts';
import { parseFilter } from '#shared/query/parse.ts';
import { printWord } from '#shared/query/print.ts';
import { fuzzyFilter } from '#renderer/model/fuzzy.ts';
import { addresses } from '../addresses.ts';
import type { RecentPlace } from '../recents.svelte.ts';
import type { ParamsOf, Query } from '../router/pattern.ts';
import type { Command } from './command.ts';

/** What a line of the palette looks like, and where it leads. */
export interface PaletteItem {
  readonly id: string;
  readonly section: string;
  readonly title: string;
  readonly hint: string;
  readonly sign:
    | { readonly kind: 'command' | 'computer' | 'group' | 'place' }
    | { readonly kind: 'node'; readonly node: NodeKind; readonly state: DisplayState | null };
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly does:
    | { readonly kind: 'command'; readonly command: Command }
    | { readonly kind: 'go'; readonly address: string };
}

/** What is being looked for: a prefix narrows it. */
export type PaletteMode = 'all' | 'commands' | 'groups' | 'computers' | 'ids';

const prefixes: Readonly<Record<string, PaletteMode>> = {
  '>': 'commands',
  '#': 'groups',
  '@': 'computers',
  ':': 'ids',
};

/** What a person typed: a first `>`, `#`, `@` or `:` narrows the search, the rest are words. */
export function readPalette(text: string): { readonly mode: PaletteMode; readonly words: string } {
  const mode = prefixes[text.charAt(0)];
  return mode === undefined ? { mode: 'all', words: text.trim() } : { mode, words: text.slice(1).trim() };
}

type Href = <Pattern extends string>(pattern: Pattern, params: ParamsOf<Pattern>, query?: Query) => string;

export interface PaletteSources {
  readonly nearby: readonly Command[];
  readonly commands: readonly Command[];
  readonly recentCommands: readonly string[];
  readonly places: readonly RecentPlace[];
  readonly hits: readonly SearchHit[];
  readonly resolved: readonly NodeRef[];
  readonly groups: readonly GroupRow[];
  readonly computers: readonly ComputerRow[];
  readonly href: Href;
}

const commandItem = (command: Command, section: string): PaletteItem => ({
  id: `${section}:${command.id}`,
  section,
  title: command.title,
  hint: command.group,
  sign: { kind: 'command' },
  ...(command.keys?.[0] === undefined ? {} : { keys: command.keys[0] }),
  disabled: command.enabled?.() === false,
  does: { kind: 'command', command },
});

const placeItem = ({ address, title, kind }: RecentPlace): PaletteItem => ({
  id: `recent:${address}`,
  section: 'Recent',
  title,
  hint: '',
  sign: kind === null ? { kind: 'place' } : { kind: 'node', node: kind, state: null },
  does: { kind: 'go', address },
});

function nodeItem(node: NodeRef, matched: string, href: Href): PaletteItem {
  const isProcess = node.kind === 'calculation' || node.kind === 'workflow';
  return {
    id: `node:${node.uuid}`,
    section: isProcess ? 'Processes' : 'Data',
    title: node.name,
    hint: matched === '' ? `pk ${node.pk}${node.summary === '' ? '' : ` · ${node.summary}`}` : matched,
    sign: { kind: 'node', node: node.kind, state: node.state },
    does: {
      kind: 'go',
      address: href(isProcess ? addresses.process : addresses.node, { uuid: node.uuid }),
    },
  };
}

const groupItem = (uuid: string, label: string, count: number, href: Href): PaletteItem => ({
  id: `group:${uuid}`,
  section: 'Groups',
  title: label,
  hint: count === 1 ? '1 node' : `${count} nodes`,
  sign: { kind: 'group' },
  does: { kind: 'go', address: href(addresses.group, { uuid }) },
});

const computerItem = (uuid: string, label: string, hostname: string, href: Href): PaletteItem => ({
  id: `computer:${uuid}`,
  section: 'Computers',
  title: label,
  hint: hostname,
  sign: { kind: 'computer' },
  does: { kind: 'go', address: href(addresses.computer, { uuid }) },
});

function hitItem(hit: SearchHit, href: Href): PaletteItem {
  switch (hit.kind) {
    case 'node':
      return nodeItem(hit.node, hit.matched, href);
    case 'group':
      return groupItem(hit.uuid, hit.label, hit.count, href);
    case 'computer':
      return computerItem(hit.uuid, hit.label, hit.hostname, href);
    default:
      return assertNever(hit);
  }
}

const titleOf = ({ title }: Command): string => title;
const wordsOf = ({ group, words = '' }: Command): string => `${words} ${group}`;
const canRun = ({ enabled }: Command): boolean => enabled?.() !== false;

/** Those that fit; what cannot run now comes last. */
function fittingCommands(commands: readonly Command[], words: string): readonly Command[] {
  const found = fuzzyFilter(visible(commands), words, titleOf, wordsOf);
  return [...found.filter(canRun), ...found.filter((each) => !canRun(each))];
}

const visible = (commands: readonly Command[]): readonly Command[] =>
  commands.filter(({ hidden }) => hidden !== true);

/** The lines for what was typed, in sections; a section's lines stand together. */
export function paletteItems(text: string, from: PaletteSources): readonly PaletteItem[] {
  const { mode, words } = readPalette(text);
  switch (mode) {
    case 'commands':
      return fittingCommands(from.commands, words).map((each) => commandItem(each, 'Commands'));
    case 'groups':
      return fuzzyFilter(from.groups, words, ({ label }) => label)
        .slice(0, 50)
        .map(({ uuid, label, count }) => groupItem(uuid, label, count, from.href));
    case 'computers':
      return fuzzyFilter(from.computers, words, ({ label, hostname }) => `${label} ${hostname}`).map(
        ({ uuid, label, hostname }) => computerItem(uuid, label, hostname, from.href),
      );
    case 'ids':
      return from.resolved.map((node) => nodeItem(node, '', from.href));
    case 'all':
      return words === '' ? startItems(from) : allItems(words, from);
    default:
      return assertNever(mode);
  }
}

function startItems(from: PaletteSources): readonly PaletteItem[] {
  const nearby = visible(from.nearby).filter(canRun);
  const shown = new Set(nearby.map(({ id }) => id));
  const used = from.recentCommands
    .flatMap((id) => from.commands.find((each) => each.id === id && !shown.has(id)) ?? [])
    .slice(0, 4);
  for (const { id } of used) shown.add(id);
  const rest = visible(from.commands).filter(({ id }) => !shown.has(id));
  return [
    ...nearby.slice(0, 8).map((each) => commandItem(each, 'Here')),
    ...from.places.slice(0, 6).map(placeItem),
    ...used.map((each) => commandItem(each, 'Used last')),
    ...rest.map((each) => commandItem(each, 'Commands')),
  ];
}

/** What was typed as a filter: as it is where it is one, else each word for itself. */
const filterOf = (words: string): string =>
  parseFilter(words).ok ? words : words.split(/\s+/).map(printWord).join(' ');

const searchItem = (words: string, href: Href): PaletteItem => ({
  id: 'search',
  section: 'Search',
  title: `All nodes with “${words}”`,
  hint: 'as a list with a filter',
  sign: { kind: 'place' },
  does: { kind: 'go', address: href(addresses.data, {}, { all: true, filter: filterOf(words) }) },
});

function allItems(words: string, from: PaletteSources): readonly PaletteItem[] {
  const commands = fittingCommands(from.commands, words).slice(0, 6);
  const places = fuzzyFilter(from.places, words, ({ title }) => title).slice(0, 4);
  const items = [
    ...commands.map((each) => commandItem(each, 'Commands')),
    ...places.map(placeItem),
    ...from.hits.map((hit) => hitItem(hit, from.href)),
    // Where nothing was found, a list would be empty, too; but a filter says more than words.
    ...(from.hits.length > 0 || /[:<>]/.test(words) ? [searchItem(words, from.href)] : []),
  ];
  const sections = ['Commands', 'Recent', 'Processes', 'Data', 'Groups', 'Computers', 'Search'];
  return items.toSorted((a, b) => sections.indexOf(a.section) - sections.indexOf(b.section));
}
