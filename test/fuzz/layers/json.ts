import type { Dice } from '../dice.ts';
import type { Fault } from '../draft.ts';
import { evilNames } from './zip.ts';
import { withDatabase } from './sqlite-tools.ts';

const deep = (levels: number, open: string, middle: string, close: string): string =>
  open.repeat(levels) + middle + close.repeat(levels);

const numbers = [
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  `1${'0'.repeat(5000)}`,
  '0.1e',
  '01',
  '-0',
  '-',
  'NaN',
  'Infinity',
];

const fragments: readonly ((dice: Dice) => string)[] = [
  (dice) => deep(dice.pick([10, 150, 199, 201, 1000, 20_000, 1_000_000]), '[', '', ']'),
  (dice) => deep(dice.pick([10, 150, 201, 1000, 100_000]), '{"a":', '1', '}'),
  (dice) => deep(dice.pick([201, 100_000]), '[', '', ''),
  (dice) => dice.pick(numbers),
  () => '{"__proto__": {"polluted": true}}',
  () => '{"constructor": {"prototype": {"polluted": true}}}',
  () => '{"a": 1, "a": 2, "a": {"b": 1, "b": 2}}',
  () => '"\\ud800"',
  () => '"\\udc00\\ud800"',
  () => '"\\u0000\\u0001\\u007f\\u2028\\u202e"',
  (dice) => `"${'x'.repeat(dice.pick([10, 70_000, 3_000_000]))}"`,
  (dice) => `[${'0,'.repeat(dice.pick([10, 100_000, 1_000_000]))}0]`,
  (dice) => `{${Array.from({ length: dice.pick([10, 20_000]) }, (_, i) => `"k${i}":${i}`).join(',')}}`,
  () => 'null',
  () => 'true',
  () => '[]',
  () => '""',
  () => '',
  () => ' ',
  () => '\ufeff{}',
  () => "{'a': 1}",
  () => '{"a": 1,}',
  () => '{"a": 1} {"b": 2}',
  () => '/* */ {}',
  () =>
    '{"sealed": "yes", "process_state": {"a": 1}, "exit_status": "many", "process_label": [1], "version": 5}',
  () => '{"sealed": true, "process_state": "running", "exit_status": 1e300, "exception": {}}',
  () => '{"sealed": true, "process_state": "finished", "exit_status": -9223372036854775809}',
  () => '{"sealed": true, "process_state": "toString", "process_label": ""}',
];

/** A text where JSON is expected; the outermost value is mostly an object, as the format wants. */
export function evilJson(dice: Dice): string {
  const text = dice.pick(fragments)(dice);
  if (dice.chance(0.4)) return text;
  const key = dice.pick([
    '"a"',
    '"__proto__"',
    '"toString"',
    '"\\ud800"',
    '""',
    '"a.b/c"',
    '"sealed"',
    '"array|x"',
    '"_aiida_x"',
    '"cell"',
    '"sites"',
    '"kinds"',
    '"value"',
  ]);
  return `{"sealed": true, "process_state": "finished", "exit_status": 0, ${key}: ${text}}`;
}

const hash = 'a'.repeat(64);

/** A tree of files that is none. `real` is the hash of an object that is there. */
export function evilTree(dice: Dice, real: string): string {
  const file = `{"k": "${real}"}`;
  const name = JSON.stringify(dice.pick(evilNames));
  return dice.pick([
    `{"o": {${name}: ${file}}}`,
    `{"o": {"a": {"o": {${name}: ${file}}}}}`,
    `{"o": {"a": ${file}, "a": {"o": {"b": ${file}}}}}`,
    `{"o": {"__proto__": ${file}, "constructor": {"o": {"__proto__": ${file}}}}}`,
    `{"o": {"a": {"k": "${hash}"}}}`,
    `{"o": {"a": {"k": "../../etc/passwd"}}}`,
    `{"o": {"a": {"k": ["${real}"]}}}`,
    `{"o": {"a": {"k": "${real.toUpperCase()}"}}}`,
    `{"o": ["a", "b"]}`,
    `{"o": null}`,
    `{"k": "${real}"}`,
    `{"k": "${real}", "o": {"a": ${file}}}`,
    `{"o": ${deep(dice.pick([50, 99, 101, 2000]), '{"a": {"o": ', '{}', '}}')}}`,
    `{"o": {${Array.from({ length: dice.pick([100, 20_000]) }, (_, i) => `"f${i}": ${file}`).join(', ')}}}`,
    `{"o": {"\\ud800": ${file}, "\\u0000": ${file}}}`,
    `{"o": {".": ${file}, "..": {"o": {"x": ${file}}}}}`,
    evilJson(dice),
  ]);
}

const column = (
  name: string,
  table: string,
  column: string,
  text: (dice: Dice, real: string) => string,
): Fault => ({
  name,
  apply: (draft, dice) =>
    withDatabase(draft, (db) => {
      const real =
        draft.entries
          .find((entry) => entry.name.startsWith('repo/') && entry.name.length === 69)
          ?.name.slice(5) ?? hash;
      const ids = db.prepare(`SELECT id FROM ${table}`).pluck().all() as number[];
      if (ids.length === 0) return;
      const change = db.prepare(`UPDATE ${table} SET ${column} = ? WHERE id = ?`);
      for (let n = dice.pick([1, 1, 3, 20]); n > 0; n--) change.run(text(dice, real), dice.pick(ids));
    }),
});

const metadata = (dice: Dice): string =>
  dice.pick([
    evilJson(dice),
    `{"export_version": ${dice.pick(['"main_0001"', '"0.4"', '"0.9"', '"main_0000"', '"main_9999"', '1', '[]', '"../../x"', '"1.0"', '""'])}, "aiida_version": ${evilJson(dice)}}`,
    `{"export_version": "main_0001", "aiida_version": "2", "ctime": ${evilJson(dice)}, "export_parameters": ${evilJson(dice)}}`,
    `{"export_version": "main_0001", "export_version": "0.1", "aiida_version": "\\u202e\\u0000"}`,
    `{"export_version": "main_0001", "key_format": ${dice.pick(['"sha1"', '"../"', '5', 'null'])}}`,
  ]);

/** Replaces one value somewhere in a text by another: what stands between `:` and the next mark. */
export function spoilt(text: string, dice: Dice): string {
  const places = [
    ...text.slice(0, 2_000_000).matchAll(/:\s*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\{\}|\[\])/g),
  ];
  if (places.length === 0) return evilJson(dice);
  const place = dice.pick(places);
  const value = place[1] ?? '';
  const at = place.index + place[0].length - value.length;
  const other = dice.chance(0.3) ? (places.length > 1 ? (dice.pick(places)[1] ?? '') : '0') : evilJson(dice);
  return text.slice(0, at) + other + text.slice(at + value.length);
}

export const jsonFaults: readonly Fault[] = [
  {
    name: 'metadata.json',
    apply: (draft, dice) => draft.put('metadata.json', Buffer.from(metadata(dice))),
  },
  {
    name: 'metadata.json spoilt',
    apply(draft, dice) {
      const entry = draft.entry('metadata.json');
      if (entry === undefined) return false;
      entry.data = Buffer.from(spoilt(entry.data.toString('utf8'), dice));
      return true;
    },
  },
  {
    name: 'data.json spoilt',
    apply(draft, dice) {
      const entry = draft.entry('data.json');
      if (entry === undefined) return false;
      let text = entry.data.toString('utf8');
      for (let n = dice.pick([1, 2, 5]); n > 0; n--) text = spoilt(text, dice);
      entry.data = Buffer.from(text);
      return true;
    },
  },
  {
    name: 'metadata.json in another encoding',
    apply(draft, dice) {
      const text = draft.entry('metadata.json')?.data.toString('utf8') ?? '{}';
      draft.put(
        'metadata.json',
        dice.pick([
          Buffer.from(text, 'utf16le'),
          Buffer.from(`\ufeff${text}`),
          Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xc0, 0x80])]),
        ]),
      );
    },
  },
  column('attributes', 'db_dbnode', 'attributes', (dice) => evilJson(dice)),
  column('extras', 'db_dbnode', 'extras', (dice) => evilJson(dice)),
  column('repository_metadata', 'db_dbnode', 'repository_metadata', evilTree),
  column('metadata of a computer', 'db_dbcomputer', 'metadata', (dice) => evilJson(dice)),
  column('extras of a group', 'db_dbgroup', 'extras', (dice) => evilJson(dice)),
  column('metadata of a log line', 'db_dblog', 'metadata', (dice) => evilJson(dice)),
];
