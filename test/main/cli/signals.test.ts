import { expect, test } from 'vitest';
import { endSignal } from '#main/cli/signals.ts';
import { fakeEmitter } from '../../support/electron-fakes.ts';

test('one Ctrl-C that arrives three times ends in good order, a second one ends at once', () => {
  const emitter = fakeEmitter();
  const exits: number[] = [];
  let now = 0;
  const signal = endSignal({
    on: emitter.on as never,
    exit: (status) => void exits.push(status),
    monotonic: () => now,
  });
  expect(signal.aborted).toBe(false);
  for (let i = 0; i < 3; i++) emitter.emit('SIGINT');
  expect({ aborted: signal.aborted, exits }).toEqual({ aborted: true, exits: [] });
  now = 1_500;
  emitter.emit('SIGTERM');
  expect(exits).toEqual([143]);
});
