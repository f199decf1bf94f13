import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LocatedObjects } from '#main/repository/located-objects.ts';
import { hashOfKey } from '#main/repository/object-index.ts';

const object = fc.record({
  key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  size: fc.nat(),
  place: fc.option(fc.integer({ min: 1, max: 50 })),
  isHere: fc.boolean(),
});

test('objects come by their place, then those that are files by their order, and without what is not here', () => {
  fc.assert(
    fc.property(fc.uniqueArray(object, { selector: ({ key }) => hashOfKey(key) }), (objects) => {
      const keys = new Uint8Array(objects.length * 32);
      for (const [i, { key }] of objects.entries()) keys.set(key, i * 32);
      const byHash = new Map(objects.map((one) => [hashOfKey(one.key), one]));
      const located = new LocatedObjects(keys, (key) => {
        const found = byHash.get(hashOfKey(key));
        return found?.isHere === true ? found : null;
      });
      const expected = objects
        .filter(({ isHere }) => isHere)
        .toSorted((a, b) => (a.place ?? 1000) - (b.place ?? 1000))
        .map(({ key, size, place }) => ({ hash: hashOfKey(key), size, place }));
      expect([...located]).toEqual(expected);
      expect([...located]).toEqual(expected);
      expect(located.count).toBe(expected.length);
    }),
  );
});
