import { expect, test } from 'vitest';
import { createTickets } from '#main/shells/browser/tickets.ts';

test('a ticket works once', () => {
  const tickets = createTickets('/t/');
  const path = tickets.issue('a');
  expect(tickets.redeem(`/x${path}`)).toBeNull();
  expect(tickets.redeem(path)).toBe('a');
  expect(tickets.redeem(path)).toBeNull();
});

test('a ticket ends after a minute', () => {
  let now = 0;
  const tickets = createTickets('/t/', () => now);
  const [early, late] = [tickets.issue('a'), tickets.issue('b')];
  now = 60_000;
  expect(tickets.redeem(early)).toBe('a');
  now = 60_001;
  expect(tickets.redeem(late)).toBeNull();
});

test('the oldest go when there are too many', () => {
  const tickets = createTickets('/t/');
  const paths = Array.from({ length: 1001 }, (_, i) => tickets.issue(String(i)));
  expect(tickets.redeem(paths[0] ?? '')).toBeNull();
  expect(tickets.redeem(paths[1] ?? '')).toBe('1');
  expect(tickets.redeem(paths[1000] ?? '')).toBe('1000');
});
