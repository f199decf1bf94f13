import type { Brand } from '../base/brand.ts';
import { userError } from '../base/errors.ts';

/** Integer key of a node inside one profile (AiiDA's PK). Never leaves the profile it belongs to. */
export type NodeId = Brand<number, 'NodeId'>;
export type GroupId = Brand<number, 'GroupId'>;
export type ComputerId = Brand<number, 'ComputerId'>;
export type UserId = Brand<number, 'UserId'>;

/** 36 characters, lower case, dashed (RFC 9562). The identity of a node everywhere outside its profile. */
export type Uuid = Brand<string, 'Uuid'>;

/** Lower-case hexadecimal SHA-256 of an object's bytes. */
export type ObjectHash = Brand<string, 'ObjectHash'>;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const hashPattern = /^[0-9a-f]{64}$/;

/** Upper case is no UUID here: AiiDA compares texts. See {@link parseUuid} for what a person typed */
export const isUuid = (text: string): text is Uuid => uuidPattern.test(text);

/** As AiiDA's containers name their objects. */
export const isObjectHash = (text: string): text is ObjectHash => hashPattern.test(text);

/** @throws StemmaError `bad-uuid` where the text is no UUID; upper case is folded. */
export function parseUuid(text: string): Uuid {
  const folded = text.toLowerCase();
  if (isUuid(folded)) return folded;
  throw userError({ code: 'bad-uuid', message: `“${text}” is not a UUID.`, subject: text });
}

/** @throws StemmaError `bad-hash` where the text is no SHA-256 in lower-case hexadecimal. */
export function parseObjectHash(text: string): ObjectHash {
  if (isObjectHash(text)) return text;
  throw userError({ code: 'bad-hash', message: `“${text}” is not a SHA-256 hash.`, subject: text });
}

/** A random one (version 4), as AiiDA's. */
export const newUuid = (): Uuid => crypto.randomUUID() as string as Uuid;
