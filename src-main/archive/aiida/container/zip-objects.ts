import { randomInt } from 'node:crypto';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { FileReader } from './file-reader.ts';
import type { ObjectMembers } from './found-members.ts';
import type { Member } from './member.ts';
import type { DirectoryEntry } from './zip-directory.ts';
import { ZipMember } from './zip-entry.ts';

const prefix = Buffer.from('repo/');
const digits = 64;
/** Numbers of 32 bits of which a hash is kept. */
const words = 8;

/** The value of each byte as a digit of lower-case hexadecimal; 255 for every other. */
const digitOf = new Uint8Array(256).fill(255);
for (const [value, digit] of Buffer.from('0123456789abcdef').entries()) digitOf[digit] = value;

/**
 * The objects of a zip by their hash, some 80 bytes each: a map of members would take five times as much, and a large
 * archive has hundreds of thousands. An open-addressed table; which place a hash has follows from factors that are drawn
 * anew each time, so that nobody can choose names that all fall on one place.
 */
export class ZipObjects implements ObjectMembers {
  readonly #file: FileReader;
  readonly #factors = Int32Array.from({ length: words }, () => randomInt(2 ** 31) * 2 + 1);
  /** The hash that was read last. */
  readonly #read = new Uint32Array(words);
  #count = 0;
  #hashes = new Uint32Array(1024 * words);
  /** Three each: offset, size, packed size. */
  #numbers = new Float64Array(1024 * 3);
  #crcs = new Uint32Array(1024);
  #methods = new Uint8Array(1024);
  /** Indexes from 1; 0 is free. Twice as many places as objects, at least. */
  #slots = new Uint32Array(2048);

  constructor(file: FileReader) {
    this.#file = file;
  }

  get size(): number {
    return this.#count;
  }

  has(hash: ObjectHash): boolean {
    return this.#indexOf(hash) >= 0;
  }

  get(hash: ObjectHash): Member | undefined {
    const index = this.#indexOf(hash);
    return index < 0 ? undefined : this.#member(index);
  }

  *values(): Generator<Member> {
    for (let index = 0; index < this.#count; index++) yield this.#member(index);
  }

  /** Whether the name of an entry is that of an object: the same as `entryKind` says, without making a text of it. */
  isObject({ page, nameStart, nameLength }: DirectoryEntry): boolean {
    if (nameLength !== prefix.length + digits) return false;
    for (let i = 0; i < prefix.length; i++) if (page[nameStart + i] !== prefix[i]) return false;
    return this.#readHash(page, nameStart + prefix.length);
  }

  /** Adds the entry that `isObject` has just looked at; false where there is one of that name. */
  add({ offset, size, compressedSize, crc, method }: DirectoryEntry): boolean {
    if (this.#count === this.#crcs.length) this.#grow();
    const slot = this.#slotOf(this.#read, 0);
    if (this.#slots[slot] !== 0) return false;
    const index = this.#count++;
    this.#hashes.set(this.#read, index * words);
    this.#numbers[index * 3] = offset;
    this.#numbers[index * 3 + 1] = size;
    this.#numbers[index * 3 + 2] = compressedSize;
    this.#crcs[index] = crc;
    this.#methods[index] = method;
    this.#slots[slot] = index + 1;
    return true;
  }

  #readHash(bytes: Uint8Array, start: number): boolean {
    let wrong = 0;
    for (let word = 0; word < words; word++) {
      let value = 0;
      for (let i = 0; i < 8; i++) {
        const digit = digitOf[bytes[start + word * 8 + i] ?? 0] ?? 255;
        wrong |= digit;
        value = (value << 4) | digit;
      }
      this.#read[word] = value;
    }
    return wrong < 16;
  }

  #indexOf(hash: ObjectHash): number {
    if (!this.#readHash(Buffer.from(hash, 'latin1'), 0)) return -1;
    return (this.#slots[this.#slotOf(this.#read, 0)] ?? 0) - 1;
  }

  /** The place of the hash that stands there in `hashes`: the one that it has, or the free one that it may have. */
  #slotOf(hashes: Uint32Array, from: number): number {
    const most = this.#slots.length - 1;
    let sum = 0;
    for (let i = 0; i < words; i++) {
      sum = Math.imul(sum ^ (hashes[from + i] ?? 0), this.#factors[i] ?? 1);
      sum ^= sum >>> 15;
    }
    for (let slot = sum & most; ; slot = (slot + 1) & most) {
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0 || this.#isAt(index, hashes, from)) return slot;
    }
  }

  #isAt(index: number, hashes: Uint32Array, from: number): boolean {
    for (let i = 0; i < words; i++) if (this.#hashes[index * words + i] !== hashes[from + i]) return false;
    return true;
  }

  #member(index: number): ZipMember {
    const bytes = Buffer.alloc(words * 4);
    for (let i = 0; i < words; i++) bytes.writeUInt32BE(this.#hashes[index * words + i] ?? 0, i * 4);
    return new ZipMember(this.#file, {
      name: `repo/${bytes.toString('hex')}`,
      offset: this.#numbers[index * 3] ?? 0,
      size: this.#numbers[index * 3 + 1] ?? 0,
      compressedSize: this.#numbers[index * 3 + 2] ?? 0,
      method: this.#methods[index] ?? 0,
      crc: this.#crcs[index] ?? 0,
    });
  }

  #grow(): void {
    const room = this.#count * 2;
    this.#hashes = wider(this.#hashes, new Uint32Array(room * words));
    this.#numbers = wider(this.#numbers, new Float64Array(room * 3));
    this.#crcs = wider(this.#crcs, new Uint32Array(room));
    this.#methods = wider(this.#methods, new Uint8Array(room));
    this.#slots = new Uint32Array(room * 2);
    for (let index = 0; index < this.#count; index++)
      this.#slots[this.#slotOf(this.#hashes, index * words)] = index + 1;
  }
}

function wider<T extends Uint8Array | Uint32Array | Float64Array>(old: T, room: T): T {
  room.set(old);
  return room;
}
