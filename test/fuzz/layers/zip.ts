import { deflateRawSync, crc32 } from 'node:zlib';
import {
  rawEntry,
  writeRawZip,
  rawZip,
  zip64Extra,
  type RawEntry,
  type RawZip,
} from '../../support/raw-zip.ts';
import type { Dice } from '../dice.ts';
import type { Fault } from '../draft.ts';

export const evilNames = [
  '../../evil',
  '../../../../../../../../tmp/evil',
  '/etc/evil',
  '/',
  '.',
  '..',
  '',
  'C:\\evil',
  '\\\\host\\share\\evil',
  '..\\..\\evil',
  'repo/../../evil',
  'repo/..',
  'repo/',
  'repo//',
  'repo/short',
  'con',
  'aux.txt',
  'a\0b',
  'metadata.json\0.txt',
  'metadata.json/',
  './metadata.json',
  'METADATA.JSON',
  'db.sqlite3-wal',
  'db.sqlite3-journal',
  `repo/${'A'.repeat(64)}`,
  `repo/${'a'.repeat(63)}\0`,
  '__proto__',
  'constructor',
  'x'.repeat(65_535),
  '\u202egnp.exe',
  '\xff\xfe\xfd',
  'nodes/../../evil',
  'repo/__proto__',
] as const;

const change = (name: string, apply: (zip: RawZip, dice: Dice) => void): Fault => ({
  name,
  apply(draft, dice) {
    if (draft.container !== 'zip') return false;
    // dice are thrown when the container is put together, from a seed of now
    draft.zipChanges.push((zip) => {
      if (zip.entries.length > 0) apply(zip, dice);
    });
    return true;
  },
});

const one = (zip: RawZip, dice: Dice): RawEntry => {
  const important = zip.entries.filter(({ name }) =>
    /^(metadata\.json|db\.sqlite3|data\.json)$/.test(name.toString('latin1')),
  );
  return important.length > 0 && dice.chance(0.6) ? dice.pick(important) : dice.pick(zip.entries);
};

const zeros = (bytes: number): RawEntry => rawEntry(`repo/${'0'.repeat(64)}`, Buffer.alloc(bytes));

export const zipFaults: readonly Fault[] = [
  change('entry renamed', (zip, dice) => (one(zip, dice).name = Buffer.from(dice.pick(evilNames), 'latin1'))),
  change('entry added under an evil name', (zip, dice) =>
    zip.entries.push(rawEntry(Buffer.from(dice.pick(evilNames), 'latin1'), 'evil')),
  ),
  change('entry twice', (zip, dice) => zip.entries.push({ ...one(zip, dice) })),
  change('entry twice, other content', (zip, dice) =>
    zip.entries.push(rawEntry(one(zip, dice).name, 'other')),
  ),
  change('entry missing', (zip, dice) => void zip.entries.splice(zip.entries.indexOf(one(zip, dice)), 1)),
  change('entry is a link or a device', (zip, dice) => {
    one(zip, dice).attributes =
      (dice.pick([0o120777, 0o040755, 0o020666, 0o060666, 0o010644, 0o140777]) << 16) >>> 0;
  }),
  change('flags', (zip, dice) => (one(zip, dice).flags = dice.pick([1, 8, 0x40, 0x800, 0x2000, 0xffff]))),
  change('method', (zip, dice) => (one(zip, dice).method = dice.pick([0, 8, 9, 12, 14, 93, 95, 99, 0xffff]))),
  change('size', (zip, dice) => {
    const entry = one(zip, dice);
    entry.size = dice.number(entry.size);
  }),
  change('packed size', (zip, dice) => {
    const entry = one(zip, dice);
    entry.compressedSize = dice.number(entry.compressedSize);
  }),
  change('checksum', (zip, dice) => (one(zip, dice).crc = dice.number())),
  change('offset', (zip, dice) => (one(zip, dice).offset = dice.number(100))),
  change('offset of another', (zip, dice) => {
    // Fifield's overlap: several lines of the directory, one place
    const [a, b] = [one(zip, dice), one(zip, dice)];
    a.absent = true;
    a.offset = zip.prefix.length;
    a.compressedSize = b.compressedSize;
  }),
  change('local header differs', (zip, dice) => {
    const entry = one(zip, dice);
    const lies: readonly (() => void)[] = [
      () => (entry.local.signature = dice.number()),
      () => (entry.local.name = Buffer.from(dice.pick(evilNames), 'latin1')),
      () => (entry.local.method = dice.pick([0, 8, 12])),
      () => (entry.local.flags = dice.number()),
      () => (entry.local.size = dice.number(entry.size)),
      () => (entry.local.compressedSize = dice.number(entry.compressedSize)),
      () => (entry.local.crc = dice.number()),
      () => (entry.local.extra = Buffer.alloc(dice.int(0x10000), 1)),
    ];
    dice.pick(lies)();
  }),
  change('data descriptor', (zip, dice) => (one(zip, dice).descriptor = true)),
  change('zip64 of an entry', (zip, dice) => {
    const entry = one(zip, dice);
    entry.extra = zip64Extra(dice.big(), dice.big(), dice.big());
    entry.size = 0xffff_ffff;
    if (dice.chance(0.7)) entry.compressedSize = 0xffff_ffff;
    if (dice.chance(0.7)) entry.offset = 0xffff_ffff;
  }),
  change('zip64 end', (zip, dice) => {
    zip.zip64 = dice.chance(0.3) ? {} : {};
    const lies: readonly ((end: NonNullable<RawZip['zip64']>) => void)[] = [
      (end) => (end.count = dice.big()),
      (end) => (end.size = dice.big()),
      (end) => (end.offset = dice.big()),
      (end) => (end.locator = dice.big()),
    ];
    dice.pick(lies)(zip.zip64);
  }),
  change('count of entries', (zip, dice) => (zip.count = dice.number(zip.entries.length))),
  change('place of the directory', (zip, dice) => (zip.directoryOffset = dice.number(1000))),
  change('size of the directory', (zip, dice) => (zip.directorySize = dice.number(1000))),
  change('bytes before', (zip, dice) => (zip.prefix = Buffer.from(dice.random.bytes(dice.int(5000))))),
  change('comment', (zip, dice) => {
    zip.comment = dice.chance(0.5)
      ? Buffer.alloc(dice.int(0x10000), 'PK\u0005\u0006', 'latin1')
      : writeRawZip(rawZip([rawEntry('metadata.json', '{}')]));
  }),
  change('extra field', (zip, dice) => {
    const extra = Buffer.from(dice.random.bytes(dice.int(64)));
    // Info-ZIP's other name of the entry, and garbage
    if (extra.length > 12 && dice.chance(0.5)) extra.writeUInt16LE(0x7075, 0);
    one(zip, dice).extra = extra;
  }),
  change('bomb of zeros', (zip, dice) => void zip.entries.push(zeros(dice.pick([1e6, 1e6, 5e6, 20e6])))),
  change('bomb in a part', (zip, dice) => {
    const entry = one(zip, dice);
    const content = Buffer.alloc(dice.pick([1e6, 1e6, 17e6, 40e6]), dice.pick([0, 0x20, 0x5b]));
    entry.packed = deflateRawSync(content, { level: 1 });
    entry.compressedSize = entry.packed.length;
    entry.crc = crc32(content);
    if (dice.chance(0.5)) entry.size = content.length;
  }),
  change('zip in a zip', (zip) => {
    const inner = writeRawZip(rawZip([zeros(1e6)]));
    zip.entries.push(rawEntry('repo/nested.zip', inner), rawEntry('nested.aiida', inner));
  }),
  change('very many entries', (zip, dice) => {
    for (let i = dice.int(60_000); i > 0; i--) {
      zip.entries.push(rawEntry(`x${i}`, '', { absent: dice.chance(0.9), stored: true }));
    }
  }),
];

const somewhere = (bytes: Buffer, dice: Dice): number => {
  // headers lie at both ends
  const reach = Math.min(bytes.length, 300);
  const kind = dice.int(3);
  if (kind === 0) return dice.int(reach);
  return kind === 1 ? bytes.length - 1 - dice.int(reach) : dice.int(bytes.length);
};

const bytesFault = (name: string, apply: (bytes: Buffer, dice: Dice) => Buffer): Fault => ({
  name,
  apply(draft, dice) {
    draft.byteChanges.push((bytes) => (bytes.length === 0 ? bytes : apply(bytes, dice)));
  },
});

/** For containers of any kind. */
export const byteFaults: readonly Fault[] = [
  bytesFault('bytes changed', (bytes, dice) => {
    for (let n = 1 + dice.int(8); n > 0; n--)
      bytes[somewhere(bytes, dice)] = dice.pick([0, 0xff, 0x7f, 0x80, dice.int(256)]);
    return bytes;
  }),
  bytesFault('bits flipped', (bytes, dice) => {
    for (let n = 1 + dice.int(8); n > 0; n--) {
      const at = somewhere(bytes, dice);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.int(8));
    }
    return bytes;
  }),
  bytesFault('cut off', (bytes, dice) => bytes.subarray(0, dice.int(bytes.length))),
  bytesFault('a piece missing', (bytes, dice) => {
    const at = dice.int(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + dice.int(200))]);
  }),
  bytesFault('a piece twice', (bytes, dice) => {
    const at = dice.int(bytes.length);
    const piece = bytes.subarray(at, at + dice.int(1000));
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  }),
  bytesFault('bytes added', (bytes, dice) => Buffer.concat([bytes, dice.random.bytes(dice.int(70_000))])),
];
