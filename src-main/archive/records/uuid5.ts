import { createHash } from 'node:crypto';
import type { Uuid } from '#shared/provenance/ids.ts';

/** Of all nodes that are made from records of other systems; never to be changed. */
const namespace = Buffer.from('6d0f5a53c1b24c0e9f8a3e7b15d2a964', 'hex');

/** The UUID of a name, always the same (RFC 9562, 5.5), so that records that come in again are known. */
export function uuid5(name: string): Uuid {
  const hash = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    '-',
  ) as Uuid;
}
