import { expect, test } from 'vitest';
import { deferred } from '#shared/base/deferred.ts';
import { SchedulerSession, wideMark } from '#main/computers/schedulers/session.ts';
import type { ExecAnswer, ExecRequest } from '#main/computers/transport.ts';

const answer = (exitCode: number, stdout = ''): ExecAnswer => ({
  exitCode,
  stdout,
  bytes: Buffer.from(stdout),
  stderr: '',
  noise: '',
  ms: 1,
});

test('who asks second for the search path does not end with the one who asked first', async () => {
  const first = new AbortController();
  const asked: string[] = [];
  const found = deferred<ExecAnswer>();
  const session = new SchedulerSession(async (request: ExecRequest) => {
    asked.push(request.what);
    if (request.what !== 'the search path of a login shell') {
      return answer(request.script.includes('/opt/site/bin') ? 0 : 127);
    }
    const aborted = deferred<never>();
    request.signal?.addEventListener('abort', () => aborted.reject(request.signal?.reason));
    return await Promise.race([found.promise, aborted.promise]);
  });
  const question = { what: 'the list of jobs', script: 'squeue' };
  const one = session.run({ ...question, signal: first.signal });
  const failed = expect(one).rejects.toThrow('the first one was paused');
  const two = session.run(question);
  // both have asked for their list, and then for the path
  await expect.poll(() => asked).toHaveLength(4);
  first.abort(new Error('the first one was paused'));
  await failed;
  found.resolve(answer(0, '/opt/site/bin'));
  expect((await two).exitCode).toBe(0);
  // found once, it is known
  asked.length = 0;
  expect((await session.run(question)).exitCode).toBe(0);
  expect(asked).toEqual(['the list of jobs']);
});

test('a script sees whether the wider path is used already, so that a command that is nowhere is missing once', async () => {
  const scripts: string[] = [];
  const session = new SchedulerSession(async ({ what, script }) => {
    if (what === 'the search path of a login shell') return answer(0, '/opt/site/bin');
    scripts.push(script);
    return answer(127);
  });
  const question = { what: 'accounting', script: 'sacct' };
  for (let count = 0; count < 2; count++) expect((await session.run(question)).exitCode).toBe(127);
  expect(scripts.map((script) => script.includes(`${wideMark}=yes`))).toEqual([false, true, true]);
});
