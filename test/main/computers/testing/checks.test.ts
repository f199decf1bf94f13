import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '#shared/base/system-clock.ts';
import { computerConfig } from '#shared/contract/areas/computers.ts';
import {
  checkRoundTrip,
  checkShell,
  checkWorkDirectory,
  type Checked,
} from '#main/computers/testing/checks.ts';
import { transportError } from '#main/computers/transport-error.ts';
import type { ExecAnswer, ExecRequest, Transport } from '#main/computers/transport.ts';
import { LocalTransport } from '#main/computers/transports/local/local-transport.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** This machine, but for what is changed: an answer, an error, or nothing. */
function machine(change: (request: ExecRequest) => Partial<ExecAnswer> | Error | null): Checked {
  const local = new LocalTransport(process.env, systemClock);
  const transport: Transport = {
    type: local.type,
    closed: local.closed,
    close: () => local.close(),
    upload: (request) => local.upload(request),
    manifest: (...wanted) => local.manifest(...wanted),
    fetch: (...wanted) => local.fetch(...wanted),
    async exec(request) {
      const changed = change(request);
      if (changed instanceof Error) throw changed;
      return { ...(await local.exec(request)), ...changed };
    },
  };
  const config = computerConfig.parse({
    label: 'here',
    transport: { type: 'core.local' },
    scheduler: 'core.direct',
    workDirectory: '/scratch',
  });
  return { config, transport, clock: systemClock, signal: new AbortController().signal };
}

test.each([
  [['Welcome!', '', ''], 'Welcome!'],
  [['', 'Welcome!\n', ''], 'Welcome!'],
  [['', '', 'Welcome!'], 'Welcome!'],
  // some machines behind one name print, or by chance
  [['Quota: 80%', '', 'Quota: 81%'], 'Quota: 80%\nQuota: 81%'],
  [['Welcome!', 'Welcome!', 'Welcome!'], 'Welcome!'],
])('a login shell that prints in any of the rounds (%j) does not count as silent', async (noises, output) => {
  let round = 0;
  const at = machine(({ what }) =>
    what === 'a command' ? { noise: noises[round++] ?? '' } : { stdout: '' },
  );
  expect(await checkShell(at)).toMatchObject({ state: 'warning', output });
  expect(round).toBe(3);
});

test('a login shell that prints in no round is silent', async () => {
  expect((await checkShell(machine(() => ({ noise: ' \n' })))).words).toMatch(/^silent; a command takes/);
});

const lost = transportError('timeout', { message: 'The computer did not answer for 60 s.' });

test('a work directory says why it does not say how much is free', async () => {
  const root = temporaryFolder();
  const asked = (change: Partial<ExecAnswer> | Error): Checked =>
    machine(({ what }) => (what === 'the free space' ? change : null));
  expect((await checkWorkDirectory(asked(lost), root)).words).toBe(
    `${root} can be written to; how much is free is not known: The computer did not answer for 60 s.`,
  );
  expect((await checkWorkDirectory(asked({ stdout: 'df: no such thing\n' }), root)).words).toBe(
    `${root} can be written to; how much is free is not known`,
  );
});

test('a round trip says what it could not take away again, and why', async () => {
  const root = temporaryFolder();
  const round = (change: Partial<ExecAnswer> | Error | null) =>
    checkRoundTrip(
      machine(({ what }) => (what === 'tidying up' ? change : null)),
      root,
    );
  expect(await round(null)).toEqual({ words: expect.stringMatching(/the hashes are equal$/) });
  expect(readdirSync(root)).toEqual([]);
  for (const [change, why] of [
    [{ exitCode: 1, stderr: 'rm: Device or resource busy\n' }, 'rm: Device or resource busy'],
    [{ exitCode: 1, stderr: '' }, 'rm ended with exit code 1'],
    [lost, lost.message],
  ] as const) {
    const { state, hint = '' } = await round(change);
    expect(state).toBe('warning');
    expect(hint).toMatch(/^The test could not take away .*\/\.stemma-test-[0-9a-f]+ again: /);
    expect(hint.endsWith(why)).toBe(true);
  }
});

test('a round trip that fails says that first, and what it left behind after it', async () => {
  const root = join(temporaryFolder(), 'work');
  const at = machine(({ what }) => (what === 'tidying up' ? lost : null));
  const broken: Checked = {
    ...at,
    transport: {
      ...at.transport,
      manifest: () => Promise.reject(transportError('timeout', { message: 'No.', hint: 'Wait.' })),
    },
  };
  await expect(checkRoundTrip(broken, root)).rejects.toMatchObject({
    code: 'timeout',
    message: 'No.',
    hint: expect.stringMatching(/^Wait\. The test could not take away .* again: The computer did not answer/),
  });
  expect(existsSync(root)).toBe(true);
  rmSync(root, { recursive: true });
});
