import { describe, expect, test } from 'vitest';
import { utilityChildren, type UtilityParts } from '#main/shells/electron/expendable.ts';
import { fakeEmitter } from '../../../support/electron-fakes.ts';

function room(pid: number | undefined = 42) {
  const emitter = fakeEmitter();
  const forked: unknown[] = [];
  const posted: unknown[] = [];
  const killed: number[] = [];
  const parts: UtilityParts = {
    fork(module, args, options) {
      forked.push({ module, args, options });
      return { pid, postMessage: (message) => void posted.push(message), on: emitter.on as never };
    },
    kill: (number) => void killed.push(number),
    memoryOf: (number) => number * 1000,
  };
  return { parts, emitter, forked, posted, killed };
}

describe('an expendable process in the packaged app', () => {
  test('gets its module and nothing of ours', () => {
    const { parts, forked } = room();
    utilityChildren(parts)('foreign-reader');
    expect(forked).toEqual([
      {
        module: expect.stringMatching(/foreign-reader\.(ts|js)$/),
        args: [],
        options: {
          env: {},
          execArgv: ['--max-old-space-size=1024'],
          stdio: 'ignore',
          serviceName: 'Stemma foreign-reader',
        },
      },
    ]);
  });

  test('is asked, answers, and says how it ended', () => {
    const { parts, emitter, posted } = room();
    const peer = utilityChildren(parts)('foreign-reader');
    const seen: unknown[] = [];
    peer.onMessage((message) => seen.push(message));
    peer.onExit((why) => seen.push(why));
    peer.post({ a: 1 });
    emitter.emit('message', { b: 2 });
    emitter.emit('exit', 5);
    expect(posted).toEqual([{ a: 1 }]);
    expect(seen).toEqual([{ b: 2 }, 'it ended with status 5']);
    expect(peer.memory()).toBe(42_000);
  });

  test('is killed without mercy, once it runs', () => {
    const running = room();
    utilityChildren(running.parts)('foreign-reader').kill();
    expect(running.killed).toEqual([42]);
  });

  test('that is killed before it has started ends as soon as it has', () => {
    const { parts, emitter, killed } = room();
    const child = { pid: undefined as number | undefined, postMessage() {}, on: emitter.on as never };
    const peer = utilityChildren({ ...parts, fork: () => child })('foreign-child');
    peer.kill();
    expect(killed).toEqual([]);
    child.pid = 7;
    emitter.emit('spawn');
    expect(killed).toEqual([7]);
  });
});
