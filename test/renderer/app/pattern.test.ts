import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addresses } from '#renderer/app/addresses.ts';
import { fillPattern, matchPattern } from '#renderer/app/router/pattern.ts';

describe('addresses', () => {
  it('gives the parameters of an address that fits', () => {
    expect(matchPattern('/process/:uuid', '/process/abc')).toEqual({ uuid: 'abc' });
    expect(matchPattern('/process/:uuid', '/process/abc/')).toEqual({ uuid: 'abc' });
    expect(matchPattern('/process/:uuid', '/process')).toBeNull();
    expect(matchPattern('/process/:uuid', '/node/abc')).toBeNull();
  });

  it('leaves empty parts of the query out', () => {
    expect(fillPattern('/processes', {}, { filter: 'state:failed', roots: undefined, tab: '' })).toBe(
      '/processes?filter=state%3Afailed',
    );
  });

  it('refuses an address with a missing parameter', () => {
    expect(() => fillPattern('/process/:uuid', { uuid: '' })).toThrow(':uuid');
  });

  it('does not choke on a percent sign that stands for nothing', () => {
    expect(matchPattern('/group/:uuid', '/group/%zz')).toBeNull();
  });

  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (uuid) => {
        fc.pre(uuid.isWellFormed());
        expect(matchPattern('/launch/:id', fillPattern('/launch/:id', { id: uuid }))).toEqual({ id: uuid });
      }),
    );
  });

  it('has no two addresses that fit the same path', () => {
    const all = Object.values(addresses);
    for (const pattern of all) {
      const path = pattern.replaceAll(/:\w+/g, '0a1b');
      const fitting = all.filter((other) => matchPattern(other, path) !== null);
      expect(fitting, path).toEqual([pattern]);
    }
  });
});
