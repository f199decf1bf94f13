import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/** Every file in a zip as it was before it was packed, and first the names of all of them (PKWARE APPNOTE 4.3.12). */
export function inflatedEntries(file: string): readonly (readonly [name: string, bytes: Buffer])[] {
  const zip = readFileSync(file);
  const entries: [string, Buffer][] = [];
  for (
    let at = zip.indexOf('PK\u0001\u0002', 0, 'latin1');
    at !== -1;
    at = zip.indexOf('PK\u0001\u0002', at + 4, 'latin1')
  ) {
    const [method, packed, nameLength] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
    ];
    const local = zip.readUInt32LE(at + 42);
    if (zip.toString('latin1', local, local + 4) !== 'PK\u0003\u0004') continue;
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(begin, begin + packed);
    entries.push([
      zip.toString('utf8', at + 46, at + 46 + nameLength),
      method === 8 ? inflateRawSync(bytes) : bytes,
    ]);
  }
  return [['the names', Buffer.from(entries.map(([name]) => name).join('\n'))], ...entries];
}
