import { expect, test } from 'vitest';
import { LoginBudget } from '#main/computers/trust/login-budget.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const ada = { host: 'granite.example.org', port: 22, user: 'ada' };
const grace = { ...ada, user: 'grace' };

test('two logins may fail within ten minutes, and no third is made before they are over', async () => {
  const clock = new VirtualClock();
  const budget = new LoginBudget(clock);
  budget.failed(ada);
  await clock.advance(60_000);
  budget.check(ada);
  budget.failed(ada);
  expect(() => budget.check(ada)).toThrow(
    expect.objectContaining({
      code: 'throttled',
      message: expect.stringMatching(/Two logins as ada at granite/),
    }),
  );
  // another account of the same host is none of its business
  budget.check(grace);
  await clock.advance(9 * 60_000 - 1000);
  expect(() => budget.check(ada)).toThrow();
  await clock.advance(2000);
  budget.check(ada);
  budget.failed(ada);
  expect(() => budget.check(ada)).toThrow();
});

test('a person, or a login that succeeds, makes up for what failed', () => {
  const budget = new LoginBudget(new VirtualClock());
  for (const amends of [() => budget.allow(ada.host), () => budget.succeeded(ada)]) {
    budget.failed(ada);
    budget.failed(ada);
    expect(() => budget.check(ada)).toThrow();
    amends();
    budget.check(ada);
  }
});

test('a restart makes up for nothing; a clock that was set back locks nobody out', async () => {
  const clock = new VirtualClock();
  let stored: unknown = 'nonsense';
  const memory = {
    load: () => stored,
    save: (failures: unknown) => void (stored = structuredClone(failures)),
  };
  const first = new LoginBudget(clock, memory);
  first.failed(ada);
  first.failed(ada);
  expect(() => new LoginBudget(clock, memory).check(ada)).toThrow();
  new LoginBudget(new VirtualClock(clock.now() - 3_600_000), memory).check(ada);
  await clock.advance(700_000);
  const later = new LoginBudget(clock, memory);
  later.failed(grace);
  expect(stored).toEqual({ 'grace@granite.example.org:22': [clock.now()] });
});

test('who waits for a turn at a host hears for what, and when it is over', async () => {
  const budget = new LoginBudget(new VirtualClock());
  const { signal } = new AbortController();
  const heard: (string | null)[] = [];
  const waits = (what: string | null): void => void heard.push(what);
  const first = Promise.withResolvers<void>();
  const logins = [budget.inTurn(ada, signal, () => first.promise, waits)];
  expect(heard).toEqual([]);
  logins.push(budget.inTurn(grace, signal, () => Promise.resolve(), waits));
  expect(heard).toEqual(['another login at granite.example.org, where one is made at a time']);
  first.resolve();
  await Promise.all(logins);
  expect(heard.slice(1)).toEqual([null]);
});

test('at one host one login is made at a time, whoever makes it', async () => {
  const budget = new LoginBudget(new VirtualClock());
  const signal = new AbortController().signal;
  let now = 0;
  let most = 0;
  const login = (account: typeof ada): Promise<void> =>
    budget.inTurn(account, signal, async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
    });
  await Promise.all([login(ada), login(grace), login(ada)]);
  expect(most).toBe(1);
  await Promise.all([login(ada), login({ ...ada, host: 'basalt.example.org' })]);
  expect(most).toBe(2);
});
