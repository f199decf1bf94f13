import { expect, test } from 'vitest';
import { SecretBook, type SecretOwner } from '#main/computers/trust/secrets.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const owner: SecretOwner = { host: 'host', port: 22, user: 'ada', of: 'password' };
const code: SecretOwner = { ...owner, of: 'code' };
const never = new AbortController().signal;

test('a password is for one account at one host, until it is forgotten', () => {
  const book = new SecretBook(new VirtualClock());
  book.give(owner, 'secret');
  expect(book.take(owner)).toBe('secret');
  expect(book.take(owner)).toBe('secret');
  expect(book.take({ ...owner, user: 'eve' })).toBeNull();
  expect(book.take({ ...owner, port: 2222 })).toBeNull();
  book.forget(owner);
  expect(book.take(owner)).toBeNull();
});

test('a one-time code is given once, and not when it is old', async () => {
  const clock = new VirtualClock();
  const book = new SecretBook(clock);
  book.give(code, '123456');
  expect([book.take(code), book.take(code)]).toEqual(['123456', null]);
  book.give(code, '654321');
  await clock.advance(61_000);
  expect(book.take(code)).toBeNull();
});

test('somebody who waits for a secret gets it when it comes, or null when it does not', async () => {
  const clock = new VirtualClock();
  const book = new SecretBook(clock);
  const first = book.wait(code, 60_000, never);
  await clock.advance(10_000);
  book.give(owner, 'not this one');
  book.give(code, '42');
  expect(await first).toBe('42');
  const second = book.wait(code, 60_000, never);
  await clock.advance(60_001);
  expect(await second).toBeNull();
  const abort = new AbortController();
  const third = book.wait(code, 60_000, abort.signal);
  abort.abort();
  expect(await third).toBeNull();
});
