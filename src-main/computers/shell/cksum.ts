/**
 * The checksum of POSIX `cksum` (IEEE Std 1003.1, polynomial 0x04C11DB7, most significant bit first, the length
 * appended, complemented): the only checksum that every Unix has had for decades.
 */
const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** An unsigned number of 32 bits, as `cksum` prints it. */
export function cksum(bytes: Uint8Array): number {
  let sum = 0;
  const add = (byte: number): void => {
    sum = ((sum << 8) ^ (table[(sum >>> 24) ^ byte] ?? 0)) >>> 0;
  };
  for (const byte of bytes) add(byte);
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) add(length & 255);
  return ~sum >>> 0;
}
