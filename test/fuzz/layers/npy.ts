import { createHash } from 'node:crypto';
import type { Dice } from '../dice.ts';
import type { Fault } from '../draft.ts';
import { withDatabase } from './sqlite-tools.ts';

const dtypes = [
  '<f8',
  '>f8',
  '<f4',
  '<f2',
  '<i8',
  '<u8',
  '|b1',
  '<c16',
  '<U3',
  '|S4',
  '<U0',
  '|S0',
  '<U999999',
  '|S999999',
  '|O',
  'O',
  '<M8[ns]',
  '|V8',
  '<g',
  'f8',
  '',
  '<f0',
  '<f16',
  '<x8',
  '__proto__',
  'toString',
  '<i-8',
  '<U9999999',
];
const shapes = [
  '()',
  '(0,)',
  '(1,)',
  '(3, 2)',
  '(-1,)',
  '(-2, -3)',
  '(1e3,)',
  '(4294967296, 4294967296, 4294967296)',
  '(9007199254740993,)',
  '(99999999999999999999,)',
  '(0, 99999999999)',
  `(${'1,'.repeat(3000)})`,
  '(1, (2, 3))',
  '(True,)',
  '("x",)',
  '[3]',
  '3',
  '(0x10,)',
  '(1_000,)',
  '(2L, 3L)',
  '(65536, 65536)',
];

/** An .npy file in which something is wrong, or everything right. Source: numpy, `numpy/lib/format.py`. */
export function evilNpy(dice: Dice): Buffer {
  const version = dice.pick([1, 1, 1, 2, 3, 0, 4, 255]);
  const dtype = dice.pick(dtypes);
  const shape = dice.pick(shapes);
  const order = dice.pick(['False', 'True', 'true', '1']);
  const text = dice.pick([
    `{'descr': '${dtype}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`,
    `{'descr': '${dtype}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`,
    `{'descr': [('a', '<f8'), ('b', '|O')], 'fortran_order': False, 'shape': (1,), }\n`,
    `{'shape': ${shape}, 'shape': (2,), 'descr': '<f8', 'descr': '|O', 'fortran_order': False}\n`,
    `{'descr': __import__('os').system('x'), 'fortran_order': False, 'shape': ()}\n`,
    '{'.repeat(50_000),
    `{'descr': '${'<'.repeat(60_000)}`,
    `{'shape': (${' '.repeat(60_000)}`,
    `{'shape': (${'1, '.repeat(20_000)}`,
    '',
    '\0\0\0\0',
  ]);
  const head = Buffer.from(text, version === 3 ? 'utf8' : 'latin1');
  const wide = version !== 1;
  const start = Buffer.alloc(8 + (wide ? 4 : 2));
  start.write('\x93NUMPY', 0, 'latin1');
  start.writeUInt8(version, 6);
  const said = dice.chance(0.8) ? head.length : dice.number(head.length);
  if (wide) start.writeUInt32LE(said >>> 0, 8);
  else start.writeUInt16LE(said & 0xffff, 8);
  const body = dice.pick([
    Buffer.alloc(0),
    Buffer.from(dice.random.bytes(dice.int(200))),
    Buffer.from("\x80\x04cos\nsystem\n(S'x'\ntR.", 'latin1'),
  ]);
  const whole = Buffer.concat([start, head, body]);
  return dice.chance(0.2) ? whole.subarray(0, dice.int(whole.length + 1)) : whole;
}

const arrays = (many: number): Fault => ({
  name: `${many} arrays`,
  apply: (draft, dice) => {
    const files: string[] = [];
    for (let i = 0; i < many; i++) {
      const data = evilNpy(dice);
      const hash = createHash('sha256').update(data).digest('hex');
      draft.put(`repo/${hash}`, data);
      files.push(`"a${i}.npy": {"k": "${hash}"}`);
    }
    return withDatabase(draft, (db) => {
      const hex = Buffer.from(dice.random.bytes(16)).toString('hex');
      const uuid = [
        hex.slice(0, 8),
        hex.slice(8, 12),
        hex.slice(12, 16),
        hex.slice(16, 20),
        hex.slice(20),
      ].join('-');
      db.prepare(
        `INSERT INTO db_dbnode (uuid, node_type, process_type, label, description, ctime, mtime, attributes, extras, repository_metadata, dbcomputer_id, user_id)
         VALUES (?, 'data.core.array.ArrayData.', NULL, '', '', '2025-01-01 00:00:00.000000', '2025-01-01 00:00:00.000000', ?, '{}', ?, NULL, (SELECT min(id) FROM db_dbuser))`,
      ).run(
        uuid,
        `{${Array.from({ length: many }, (_, i) => `"array|a${i}": [${dice.pick(['3, 2', '-1', '1e99', '"x"', ''])}]`).join(', ')}}`,
        `{"o": {${files.join(', ')}}}`,
      );
    });
  },
});

/** In an archive of before AiiDA 2.0 an array is a file of its node. */
const oldArrays: Fault = {
  name: 'arrays of an old archive',
  apply(draft, dice) {
    if (draft.entry('data.json') === undefined) return false;
    const old = draft.entries.filter(({ name }) => /^nodes\/.*\/path\/.*\.npy$/.test(name));
    for (const entry of old) entry.data = evilNpy(dice);
    return old.length > 0;
  },
};

export const npyFaults: readonly Fault[] = [arrays(1), arrays(8), arrays(30)];
export const oldNpyFaults: readonly Fault[] = [oldArrays];
