/** Tar files by hand, so that they can lie. Source: POSIX.1-2017, pax, “ustar Interchange Format”. */
import { gzipSync } from 'node:zlib';

export interface TarLies {
  readonly size?: number;
  /** The field of the size as it is written, for what a number cannot say. */
  readonly sizeField?: Buffer;
  /** `0` for a file, `1` and `2` for links, `5` for a folder … */
  readonly type?: string;
  readonly linkName?: string;
  readonly checksum?: string;
  readonly magic?: string;
  readonly prefix?: string;
}

export interface TarEntry {
  name: string;
  data: Buffer;
  lies: TarLies;
}

const block = 512;

export function tarHeader(name: string, length: number, lies: TarLies = {}): Buffer {
  const { size = length, sizeField, type = '0', linkName = '', checksum, magic = 'ustar\x0000' } = lies;
  const header = Buffer.alloc(block);
  header.write(name.slice(0, 100), 0, 'latin1');
  header.write('0000644\0', 100, 'latin1');
  header.write('0000000\0', 108, 'latin1');
  header.write('0000000\0', 116, 'latin1');
  if (sizeField === undefined)
    header.write(`${Math.max(0, size).toString(8).padStart(11, '0').slice(-11)}\0`, 124, 'latin1');
  else sizeField.copy(header, 124, 0, 12);
  header.write('00000000000\0', 136, 'latin1');
  header.write('        ', 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write(linkName.slice(0, 100), 157, 'latin1');
  header.write(magic.slice(0, 8), 257, 'latin1');
  header.write((lies.prefix ?? '').slice(0, 155), 345, 'latin1');
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1');
  return header;
}

const padding = (length: number): Buffer => Buffer.alloc((block - (length % block)) % block);

/** A name that does not fit into the header goes before it, as GNU tar does. */
const named = ({ name, data, lies }: TarEntry): Buffer[] => [
  ...(name.length > 100 ? member('././@LongLink', Buffer.from(`${name}\0`, 'latin1'), { type: 'L' }) : []),
  ...member(name, data, lies),
];

const member = (name: string, data: Buffer, lies: TarLies): Buffer[] => [
  tarHeader(name, data.length, lies),
  data,
  padding(data.length),
];

export function tarOf(entries: readonly TarEntry[], gzip: boolean): Buffer {
  const tar = Buffer.concat([...entries.flatMap(named), Buffer.alloc(2 * block)]);
  return gzip ? gzipSync(tar, { level: 1 }) : tar;
}
