import { gzipSync } from 'node:zlib';
import type { Dice } from '../dice.ts';
import type { Fault } from '../draft.ts';
import type { TarEntry } from '../tar.ts';
import { evilNames } from './zip.ts';

/** Only for what can be a tar file: before AiiDA 2.0 either container was written, and so the draft becomes one. */
const change = (name: string, apply: (entries: TarEntry[], dice: Dice) => void): Fault => ({
  name: `tar: ${name}`,
  apply(draft, dice) {
    if (draft.entry('data.json') === undefined) return false;
    if (draft.container === 'zip') draft.container = dice.pick(['tar', 'tar.gz']);
    draft.tarChanges.push((entries) => {
      if (entries.length > 0) apply(entries, dice);
    });
    return true;
  },
});

const one = (entries: readonly TarEntry[], dice: Dice): TarEntry => {
  const important = entries.filter(({ name }) => name === 'data.json' || name === 'metadata.json');
  return important.length > 0 && dice.chance(0.5) ? dice.pick(important) : dice.pick(entries);
};

const put = (entries: TarEntry[], dice: Dice, entry: TarEntry): void =>
  void entries.splice(dice.int(entries.length + 1), 0, entry);

const empty = Buffer.alloc(0);

/** The record of a pax header: its own length, a name, a value. Source: POSIX.1-2017, pax, “pax Header Block”. */
function paxRecord(name: string, value: string): string {
  const rest = ` ${name}=${value}\n`;
  const digits = String(rest.length + String(rest.length).length).length;
  return `${rest.length + digits}${rest}`;
}

const paxLies: readonly string[] = [
  paxRecord('path', '../../evil'),
  paxRecord('path', '/etc/evil'),
  paxRecord('path', 'metadata.json'),
  paxRecord('linkpath', '../../evil'),
  paxRecord('size', '99999999999999'),
  paxRecord('size', '-1'),
  paxRecord('size', 'NaN'),
  paxRecord('GNU.sparse.realsize', '1099511627776'),
  paxRecord('__proto__', 'x'),
  '99999999 path=x\n',
  '0 =\n',
  'path=x\n',
  '5 a',
  '',
];

const sizeFields: readonly Buffer[] = [
  Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
  Buffer.from([0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
  Buffer.alloc(12, 0xff),
  Buffer.from('99999999999\0'),
  Buffer.from('-0000000001\0'),
  Buffer.from('77777777777\0'),
  Buffer.alloc(12, 0x20),
  Buffer.alloc(12),
];

export const tarFaults: readonly Fault[] = [
  change('nothing but another container', () => {}),
  change('entry renamed', (entries, dice) => (one(entries, dice).name = dice.pick(evilNames))),
  change('entry added under an evil name', (entries, dice) =>
    put(entries, dice, { name: dice.pick(evilNames), data: Buffer.from('evil'), lies: {} }),
  ),
  change('entry twice', (entries, dice) => put(entries, dice, { ...one(entries, dice) })),
  change('entry twice, other content', (entries, dice) =>
    put(entries, dice, { name: one(entries, dice).name, data: Buffer.from('other'), lies: {} }),
  ),
  change('entry missing', (entries, dice) => void entries.splice(entries.indexOf(one(entries, dice)), 1)),
  change('other order', (entries, dice) => void entries.push(...entries.splice(0, dice.int(entries.length)))),
  change('link out of it', (entries, dice) => {
    const { name } = one(entries, dice);
    const linkName = dice.pick(['../../evil', '/etc/passwd', 'data.json', name, 'nodes']);
    const link = { name, data: empty, lies: { type: dice.pick(['1', '2']), linkName } };
    if (dice.chance(0.5))
      entries.splice(
        entries.findIndex((entry) => entry.name === name),
        1,
        link,
      );
    else put(entries, dice, link);
  }),
  change(
    'a folder is a link',
    (entries, dice) =>
      void entries.unshift({
        name: dice.pick(['nodes', 'nodes/f0', '.']),
        data: empty,
        lies: { type: '2', linkName: dice.pick(['/tmp', '..', '../..']) },
      }),
  ),
  change('device, pipe or unknown type', (entries, dice) => {
    const entry = one(entries, dice);
    entry.lies = {
      ...entry.lies,
      type: dice.pick(['3', '4', '5', '6', '7', 'x', 'g', 'L', 'K', 'S', 'V', 'Z', '\0']),
    };
  }),
  change('size', (entries, dice) => {
    const entry = one(entries, dice);
    entry.lies = { ...entry.lies, size: dice.number(entry.data.length) };
  }),
  change('field of the size', (entries, dice) => {
    const entry = one(entries, dice);
    entry.lies = { ...entry.lies, sizeField: dice.pick(sizeFields) };
  }),
  change('checksum', (entries, dice) => {
    const entry = one(entries, dice);
    entry.lies = { ...entry.lies, checksum: dice.pick(['        ', '0000000\0', 'xxxxxxxx', '7777777\0']) };
  }),
  change('magic and prefix', (entries, dice) => {
    const entry = one(entries, dice);
    entry.lies = {
      ...entry.lies,
      magic: dice.pick(['ustar  \0', '\0'.repeat(8), 'evil\0\0\0\0', 'ustar\x0000']),
      prefix: dice.pick(['', '..', '/etc', '../'.repeat(40), 'nodes\0x']),
    };
  }),
  change('header of pax', (entries, dice) => {
    const at = entries.indexOf(one(entries, dice));
    const data = Buffer.from(
      Array.from({ length: dice.pick([1, 1, 3]) }, () => dice.pick(paxLies)).join(''),
      'latin1',
    );
    entries.splice(at, 0, { name: 'pax', data, lies: { type: dice.pick(['x', 'x', 'g']) } });
  }),
  change('long name of GNU', (entries, dice) => {
    const at = entries.indexOf(one(entries, dice));
    const name = dice.pick([...evilNames, 'x'.repeat(2_000_000), `${'a/'.repeat(10_000)}x`]);
    const type = dice.pick(['L', 'L', 'K']);
    entries.splice(at, 0, { name: '././@LongLink', data: Buffer.from(name, 'latin1'), lies: { type } });
  }),
  change('very many entries', (entries, dice) => {
    for (let i = dice.pick([1000, 10_000, 40_000]); i > 0; i--)
      entries.push({ name: dice.chance(0.5) ? `x${i}` : `nodes/${i}`, data: empty, lies: {} });
  }),
  change('zeros in between', (entries, dice) =>
    put(entries, dice, {
      name: '',
      data: Buffer.alloc(512 * dice.pick([1, 3, 2000])),
      lies: { checksum: '\0'.repeat(8), magic: '', size: 0 },
    }),
  ),
  change('bomb', (entries, dice) => {
    one(entries, dice).data = Buffer.alloc(dice.pick([1e6, 17e6, 80e6]), dice.pick([0, 0x20, 0x5b]));
  }),
  {
    name: 'tar: what gzip wraps',
    apply(draft, dice) {
      if (draft.entry('data.json') === undefined) return false;
      draft.container = 'tar';
      draft.byteChanges.push((bytes) => {
        const packed = gzipSync(bytes, { level: 1 });
        return dice.pick([
          () => Buffer.concat([packed, packed]),
          () => Buffer.concat([packed, Buffer.from('garbage')]),
          () => gzipSync(packed, { level: 1 }),
          () => gzipSync(bytes.subarray(0, dice.int(bytes.length)), { level: 1 }),
          () => gzipSync(Buffer.alloc(60_000_000), { level: 1 }),
          () => packed.subarray(0, packed.length - 1 - dice.int(12)),
        ])();
      });
      return true;
    },
  },
];
