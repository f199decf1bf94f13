const perRow = 16;

const visible = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

/**
 * Bytes as `hexdump -C` writes them: where the row begins, sixteen bytes in two groups, and the same as ASCII.
 * @param offset of the first byte in the file
 */
export function hexDump(bytes: Uint8Array, offset: number): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += perRow) {
    const row = [...bytes.subarray(at, at + perRow)];
    const pairs = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const hex = `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`.padEnd(48);
    rows.push(`${(offset + at).toString(16).padStart(8, '0')}  ${hex}  |${row.map(visible).join('')}|`);
  }
  return rows.join('\n');
}
