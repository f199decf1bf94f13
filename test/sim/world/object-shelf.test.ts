import { describe, expect, test } from 'vitest';
import { hashOf } from './objects.ts';
import { ObjectShelf } from './object-shelf.ts';

const content = (text: string) => ({ hash: hashOf(text), bytes: Buffer.from(text) });

describe('contents by hash', () => {
  test('one that was let go is still there with its size, and must not be read', () => {
    const shelf = new ObjectShelf();
    const { hash, bytes } = content('a result');
    shelf.put(hash, bytes);
    expect(shelf.contentOf(hash)).toBe(bytes);
    shelf.letGo(hash);
    expect([shelf.has(hash), shelf.sizeOf(hash), shelf.count]).toEqual([true, 8, 1]);
    expect(() => shelf.contentOf(hash)).toThrow('let go');
  });

  test('one that two have put is kept when one of them lets it go, whichever came first', () => {
    const shelf = new ObjectShelf();
    const { hash, bytes } = content('an empty log');
    shelf.put(hash, bytes);
    shelf.put(hash, bytes);
    shelf.letGo(hash);
    expect(shelf.contentOf(hash)).toBe(bytes);

    const late = content('another');
    shelf.put(late.hash, late.bytes);
    shelf.letGo(late.hash);
    shelf.put(late.hash, late.bytes);
    expect(shelf.contentOf(late.hash)).toBe(late.bytes);
    shelf.letGo(late.hash);
    expect(shelf.contentOf(late.hash)).toBe(late.bytes);
  });

  test('one that somebody found there instead of putting it is kept for them; one that was let go is not found', () => {
    const shelf = new ObjectShelf();
    const { hash, bytes } = content('an empty log');
    shelf.put(hash, bytes);
    expect(shelf.share(hash)).toBe(12);
    shelf.letGo(hash);
    expect(shelf.contentOf(hash)).toBe(bytes);

    const late = content('another');
    shelf.put(late.hash, late.bytes);
    shelf.letGo(late.hash);
    expect(shelf.share(late.hash)).toBeNull();
  });

  test('what was never put is not there', () => {
    const shelf = new ObjectShelf();
    const { hash } = content('nothing');
    shelf.letGo(hash);
    expect([shelf.has(hash), shelf.sizeOf(hash), shelf.contentOf(hash), shelf.count]).toEqual([
      false,
      null,
      null,
      0,
    ]);
  });
});
