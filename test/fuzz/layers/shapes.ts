/** `data.json` and `metadata.json` of before AiiDA 2.0 as JSON that is still JSON, but of another shape. */
import { legacyVersions } from '#main/archive/aiida/container/versions.ts';
import type { Dice } from '../dice.ts';
import type { Draft, Fault } from '../draft.ts';
import { evilJson } from './json.ts';
import { evilNames } from './zip.ts';

type Json = unknown;
type Holder = Record<string, Json> | Json[];

const isHolder = (value: Json): value is Holder => typeof value === 'object' && value !== null;
const keysOf = (holder: Holder): string[] => Object.keys(holder);
const get = (holder: Holder, key: string): Json => (holder as Record<string, Json>)[key];
const set = (holder: Holder, key: string, value: Json): void =>
  void Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });

/** Text that is no JSON goes in under a name that is replaced at the end. */
class Raw {
  readonly #texts: string[] = [];
  put(text: string): string {
    this.#texts.push(text);
    return `\u00a7${this.#texts.length - 1}\u00a7`;
  }
  write(value: Json): string {
    return JSON.stringify(value).replaceAll(
      /"\u00a7(\d+)\u00a7"/g,
      (_all, at) => this.#texts[Number(at)] ?? '',
    );
  }
}

/** Somewhere in a value: a holder and one of its keys, as deep as the dice say. */
function place(value: Json, dice: Dice): { readonly holder: Holder; readonly key: string } | null {
  let found: { readonly holder: Holder; readonly key: string } | null = null;
  for (let at = value, depth = 1 + dice.int(7); depth > 0 && isHolder(at); depth--) {
    const keys = keysOf(at);
    if (keys.length === 0) break;
    const key = dice.pick(keys);
    found = { holder: at, key };
    at = get(at, key);
  }
  return found;
}

const uuids = (dice: Dice): string =>
  dice.pick([
    'f0220000-0000-4000-8000-00000000dead',
    'no',
    '',
    '../../../../etc/passwd/xxxxxxxxxxxxxx',
    'F0220000-0000-4000-8000-000000000001',
    '__proto__',
    '\ud800',
  ]);

interface Data {
  readonly root: Record<string, Json>;
  readonly dice: Dice;
  readonly raw: Raw;
}

const inside = (holder: Json, key: string): Holder => {
  const value = isHolder(holder) ? get(holder, key) : null;
  return isHolder(value) ? value : {};
};

/** The rows of an entity, whatever it was called in that version. */
function entity({ root }: Data, name: string): Holder {
  const all = inside(root, 'export_data');
  const key = keysOf(all).find((one) => one.endsWith(name)) ?? name;
  return inside(all, key);
}

const anyOf = (holder: Holder, dice: Dice): Json => {
  const keys = keysOf(holder);
  return keys.length === 0 ? null : get(holder, dice.pick(keys));
};

const linksOf = ({ root }: Data): Json[] => {
  const links = inside(root, 'links_uuid');
  return Array.isArray(links) ? links : [];
};

const somewhere: readonly ((data: Data) => void)[] = [
  ({ root, dice }) => {
    const at = place(root, dice);
    if (at !== null) Reflect.deleteProperty(at.holder, at.key);
  },
  ({ root, dice, raw }) => {
    const at = place(root, dice);
    if (at !== null) set(at.holder, at.key, raw.put(evilJson(dice) || 'null'));
  },
  ({ root, dice }) => {
    const [one, other] = [place(root, dice), place(root, dice)];
    // by its text: a value that holds itself cannot be written
    if (one !== null && other !== null)
      set(one.holder, one.key, JSON.parse(JSON.stringify(get(other.holder, other.key) ?? null)));
  },
  ({ root, dice }) => {
    const at = place(root, dice);
    if (at === null) return;
    const value = get(at.holder, at.key);
    set(
      at.holder,
      at.key,
      dice.pick<Json>([[value], { a: value }, String(value), [value, value], null, 5, true]),
    );
  },
  ({ root, dice }) => {
    const at = place(root, dice);
    if (at === null) return;
    const key = dice.pick([
      '__proto__',
      'constructor',
      '',
      'uuid',
      'x'.repeat(70_000),
      '\u0000',
      '-1',
      '1e3',
    ]);
    set(at.holder, key, get(at.holder, at.key));
  },
];

const known: readonly ((data: Data) => void)[] = [
  (data) => {
    const link = anyOf(linksOf(data), data.dice);
    if (isHolder(link)) set(link, data.dice.pick(['input', 'output']), uuids(data.dice));
  },
  (data) => {
    const links = linksOf(data);
    const link = anyOf(links, data.dice);
    if (!isHolder(link)) return;
    const { input, output } = link as Record<string, Json>;
    links.push({ ...link, input: output, output: data.dice.chance(0.5) ? input : output });
  },
  (data) => {
    const links = linksOf(data);
    for (let n = data.dice.pick([1, 100, 20_000]); n > 0; n--) links.push(anyOf(links, data.dice));
  },
  (data) => {
    const link = anyOf(linksOf(data), data.dice);
    const types = ['call_calc', 'return', 'evil', '', null, 5, '__proto__', 'inputlink', 'calllink'];
    if (isHolder(link)) set(link, 'type', data.dice.pick<Json>(types));
  },
  (data) => {
    const [one, other] = [anyOf(entity(data, 'Node'), data.dice), anyOf(entity(data, 'Node'), data.dice)];
    if (isHolder(one))
      set(one, 'uuid', isHolder(other) && data.dice.chance(0.6) ? get(other, 'uuid') : uuids(data.dice));
  },
  (data) => {
    const node = anyOf(entity(data, 'Node'), data.dice);
    const keys = [
      'node_type',
      'type',
      'process_type',
      'ctime',
      'mtime',
      'user',
      'dbcomputer',
      'label',
      'uuid',
    ];
    const others: readonly Json[] = [
      null,
      '',
      5,
      -1,
      1e300,
      [],
      {},
      'evil',
      '999',
      '2018-13-45T99:99',
      'x'.repeat(300_000),
    ];
    if (isHolder(node)) set(node, data.dice.pick(keys), data.dice.pick(others));
  },
  (data) => {
    const nodes = entity(data, 'Node');
    const first = anyOf(nodes, data.dice);
    set(nodes, data.dice.pick(['-1', '1e9', '99999999999999999999', 'x', '', '__proto__', '01']), first);
  },
  (data) => {
    const row = anyOf(
      entity(data, data.dice.pick(['Group', 'Computer', 'User', 'Comment', 'Log'])),
      data.dice,
    );
    if (!isHolder(row)) return;
    const keys = keysOf(row);
    if (keys.length > 0)
      set(
        row,
        data.dice.pick(keys),
        data.dice.pick<Json>([null, '', 5, [], {}, uuids(data.dice), 'x'.repeat(20_000)]),
      );
  },
  ({ root, dice }) => {
    const members = [uuids(dice), uuids(dice), null, 5];
    set(inside(root, 'groups_uuid'), uuids(dice), members);
  },
  ({ root, dice, raw }) => {
    const part = dice.pick(['node_attributes', 'node_extras', 'node_attributes_conversion']);
    const rows = inside(root, part);
    const key = dice.chance(0.7) ? dice.pick([...keysOf(rows), '1']) : uuids(dice);
    set(rows, key, raw.put(evilJson(dice) || 'null'));
  },
  ({ root, dice }) => void Reflect.deleteProperty(root, dice.pick(Object.keys(root).concat('x'))),
];

const reshape = (name: string, member: string, changes: readonly ((data: Data) => void)[]): Fault => ({
  name,
  apply(draft, dice) {
    const entry = draft.entry(member);
    if (entry === undefined) return false;
    const root = parsed(entry.data);
    if (root === null) return false;
    const raw = new Raw();
    for (let n = dice.pick([1, 1, 2, 4]); n > 0; n--) dice.pick(changes)({ root, dice, raw });
    entry.data = Buffer.from(raw.write(root));
    return true;
  },
});

/** null where an earlier fault has made it no JSON. */
function parsed(data: Buffer): Record<string, Json> | null {
  try {
    const value: Json = JSON.parse(data.toString('utf8'));
    return isHolder(value) && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

const versions = [
  ...legacyVersions,
  '1.0',
  'main_0000',
  'main_0001',
  'main_0002',
  '0.0',
  '0.14',
  '0.2.1',
  '',
  0.4,
  null,
];

/** The folder of some node of an archive of before AiiDA 2.0. */
const folderIn = (draft: Draft, dice: Dice): string => {
  const folders = draft.entries.flatMap(({ name }) => /^(nodes\/..\/..\/[^/]+)\//.exec(name)?.[1] ?? []);
  return folders.length === 0 ? 'nodes/f0/22/0000-0000-4000-8000-000000000001' : dice.pick(folders);
};

export const oldFaults: readonly Fault[] = [
  reshape('data.json reshaped', 'data.json', somewhere),
  reshape('data.json with rows that do not fit', 'data.json', known),
  reshape('data.json with rows that do not fit', 'data.json', known),
  reshape('metadata.json reshaped', 'metadata.json', somewhere),
  {
    name: 'another version',
    apply(draft, dice) {
      const entry = draft.entry('metadata.json');
      const root = entry === undefined ? null : parsed(entry.data);
      if (entry === undefined || root === null) return false;
      entry.data = Buffer.from(JSON.stringify({ ...root, export_version: dice.pick<Json>(versions) }));
      return true;
    },
  },
  {
    name: 'a file of a node under an evil name',
    apply(draft, dice) {
      if (draft.entry('data.json') === undefined) return false;
      const part = dice.pick(['path', 'raw_input', 'evil', '..']);
      const name = dice.pick([
        ...evilNames,
        'a/'.repeat(2000) + 'x',
        'nul',
        'COM1',
        'a.',
        ' ',
        'a/./b',
        'a//b',
      ]);
      draft.entries.push({
        name: `${folderIn(draft, dice)}/${part}/${name}`.slice(0, 65_535),
        data: Buffer.from('evil'),
      });
      return true;
    },
  },
  {
    name: 'a file is a folder as well',
    apply(draft, dice) {
      const file = draft.entries.find(({ name }) => /^nodes\/.*\/path\/[^/]+$/.test(name));
      if (file === undefined) return false;
      draft.entries.push({ name: `${file.name}/inner`, data: Buffer.from('evil') });
      if (dice.chance(0.5)) draft.entries.push({ name: `${file.name}/`, data: Buffer.alloc(0) });
      return true;
    },
  },
];
