/** Tar files by hand, so that they can lie. Source: POSIX.1-2017, pax, “ustar Interchange Format”. */
import { gzipSync } from 'node:zlib';

export interface TarLies {
  readonly size?: number;
  /** `0` for a file, `1` and `2` for links, `5` for a folder … */
  readonly type?: string;
  readonly linkName?: string;
}

const block = 512;

export function tarHeader(
  name: string,
  length: number,
  { size, type = '0', linkName = '' }: TarLies = {},
): Buffer {
  const header = Buffer.alloc(block);
  header.write(name.slice(0, 100), 0, 'latin1');
  header.write('0000644\0', 100, 'latin1');
  header.write('0000000\0', 108, 'latin1');
  header.write('0000000\0', 116, 'latin1');
  header.write(
    `${Math.max(0, size ?? length)
      .toString(8)
      .padStart(11, '0')
      .slice(-11)}\0`,
    124,
    'latin1',
  );
  header.write('00000000000\0', 136, 'latin1');
  header.write('        ', 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write(linkName.slice(0, 100), 157, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

const padding = (length: number): Buffer => Buffer.alloc((block - (length % block)) % block);

export function tarOf(
  entries: readonly { readonly name: string; readonly data: Buffer }[],
  gzip: boolean,
): Buffer {
  const tar = Buffer.concat([
    ...entries.flatMap(({ name, data }) => [tarHeader(name, data.length), data, padding(data.length)]),
    Buffer.alloc(2 * block),
  ]);
  return gzip ? gzipSync(tar) : tar;
}
