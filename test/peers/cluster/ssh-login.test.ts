import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HostNotTrusted } from '#main/computers/transports/ssh/host-check.ts';
import { AuthNeeded } from '#main/computers/transports/ssh/login-errors.ts';
import { freePort, until } from '../../support/programs.ts';
import { skipReason } from '../../support/skips.ts';
import { hopOf, keyOf, SshBench } from '../../support/ssh-bench.ts';
import { makeKey, sshdUnavailable, startSshd, type Sshd } from '../../support/sshd.ts';

const missing = skipReason('SSH against a real sshd', sshdUnavailable());

const caught = async (
  work: Promise<unknown>,
): Promise<Error & { code?: string; hint?: string; details?: string }> => {
  try {
    await work;
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error('it did not fail');
};

describe.skipIf(missing !== null)('a login by SSH', () => {
  let sshd: Sshd;
  let bench: SshBench;

  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());
  beforeEach(() => {
    bench = new SshBench();
  });
  afterEach(() => bench.close());

  const accepted = () => bench.accept([hopOf(sshd)], keyOf(sshd));

  describe('at a host', () => {
    test('that is not known stops before the user name is sent, and shows the fingerprint', async () => {
      const before = sshd.log().length;
      const error = await caught(bench.dial([hopOf(sshd)], keyOf(sshd)));
      expect(error).toBeInstanceOf(HostNotTrusted);
      expect(error).toMatchObject({ code: 'host-key-unknown' });
      const { verdict } = error as HostNotTrusted;
      expect(verdict.key).toMatchObject({ algorithm: 'ssh-ed25519', fingerprint: sshd.fingerprint() });
      const said = sshd.log().slice(before);
      expect(said).toMatch(/Connection from/);
      expect(said).not.toMatch(/userauth-request|Failed|Accepted/);
    });

    test('that was accepted goes on to the login, now and in the next run', async () => {
      await accepted();
      expect(readFileSync(bench.knownHosts, 'utf8')).toBe(`[127.0.0.1]:${sshd.port} ${sshd.hostKeyLine()}\n`);
      const steps: string[] = [];
      const { link } = await bench.dial([hopOf(sshd)], keyOf(sshd), {}, (step, _, words) =>
        steps.push(`${step}: ${words}`),
      );
      expect(steps).toEqual([
        'resolve: 127.0.0.1',
        `connect: 127.0.0.1, port ${sshd.port}`,
        'host-key: known and unchanged',
        `login: logged in as ${sshd.user} with the private key`,
      ]);
      link.close();
      expect(sshd.log()).toMatch(/userauth-request/);
    });

    test('whose key has changed stops before the login, with both fingerprints and the place of the old one', async () => {
      const other = await startSshd();
      try {
        await bench.accept([hopOf(other)], keyOf(other));
        const old = other.fingerprint();
        await other.changeHostKey();
        const before = other.log().length;
        const error = await caught(bench.dial([hopOf(other)], keyOf(other)));
        expect(error).toMatchObject({ code: 'host-key-changed' });
        expect(error.details).toContain(`known: ssh-ed25519 ${old} (${bench.knownHosts}, line 1)`);
        expect(error.details).toContain(`shown: ssh-ed25519 ${other.fingerprint()}`);
        expect(other.log().slice(before)).not.toMatch(/userauth-request/);
        await bench.trust.forget(other.host, other.port);
        await bench.accept([hopOf(other)], keyOf(other));
        (await bench.dial([hopOf(other)], keyOf(other))).link.close();
      } finally {
        await other.stop();
      }
    });

    test('that the person’s own hashed file knows needs no question', async () => {
      const file = join(bench.folder, 'theirs');
      writeFileSync(file, `[127.0.0.1]:${sshd.port} ${sshd.hostKeyLine()}\n`);
      execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
      const own = new SshBench([file]);
      (await own.dial([hopOf(sshd)], keyOf(sshd))).link.close();
      own.close();
    });

    test('that has an RSA key is reached without SHA-1', async () => {
      const rsa = await startSshd({ hostKey: 'rsa' });
      try {
        await bench.accept([hopOf(rsa)], keyOf(rsa));
        expect(rsa.log()).toMatch(/kex: host key algorithm: rsa-sha2-(256|512)/);
        expect(rsa.log()).not.toMatch(/MAC: hmac-sha1|-cbc/);
      } finally {
        await rsa.stop();
      }
    });

    test('that offers only what is no longer safe is refused in words', async () => {
      const old = await startSshd({
        config: ['KexAlgorithms diffie-hellman-group14-sha1', 'Ciphers aes128-cbc', 'MACs hmac-sha1'],
      });
      try {
        expect(await caught(bench.dial([hopOf(old)], keyOf(old)))).toMatchObject({
          code: 'no-common-algorithm',
        });
      } finally {
        await old.stop();
      }
    });
  });

  describe('with a key', () => {
    beforeEach(accepted);

    test('that the host does not take is refused, once, and says how to install it', async () => {
      const before = sshd.log().length;
      const error = await caught(bench.dial([hopOf(sshd)], { kind: 'key', path: sshd.strangerKey }));
      expect(error).toMatchObject({ code: 'auth-refused' });
      expect(error.hint).toContain(
        `ssh-copy-id -i ${sshd.strangerKey} -p ${sshd.port} ${sshd.user}@127.0.0.1`,
      );
      const requests =
        sshd
          .log()
          .slice(before)
          .match(/userauth-request.*method publickey/g) ?? [];
      expect(requests).toHaveLength(1);
    });

    test('that is locked asks for its passphrase, and a wrong one is asked for again', async () => {
      const key = join(bench.folder, 'locked');
      writeFileSync(key, readFileSync(sshd.key), { mode: 0o600 });
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'right', '-f', key]);
      const auth = { kind: 'key', path: key } as const;
      const error = await caught(bench.dial([hopOf(sshd)], auth));
      expect(error).toBeInstanceOf(AuthNeeded);
      const { owner } = error as AuthNeeded;
      expect(owner).toEqual({ host: '127.0.0.1', port: sshd.port, user: sshd.user, of: 'passphrase' });
      bench.secrets.give(owner, 'wrong');
      expect(await caught(bench.dial([hopOf(sshd)], auth))).toMatchObject({
        code: 'auth-needed',
        message: expect.stringContaining('not the passphrase'),
      });
      expect(bench.secrets.take(owner)).toBeNull();
      bench.secrets.give(owner, 'right');
      (await bench.dial([hopOf(sshd)], auth)).link.close();
    });

    test('that is not there, is none, or is the public half is an error with what to do', async () => {
      const none = join(bench.folder, 'none');
      writeFileSync(none, 'not a key');
      const cases = [
        [join(bench.folder, 'absent'), /There is no file/, /ssh-keygen/],
        [none, /not a private key/, /agent/],
        [`${sshd.key}.pub`, /public key/, new RegExp(`Choose ${sshd.key},`)],
      ] as const;
      for (const [path, message, hint] of cases) {
        const error = await caught(bench.dial([hopOf(sshd)], { kind: 'key', path }));
        expect([error.code, error.message, error.hint]).toEqual([
          'key-unreadable',
          expect.stringMatching(message),
          expect.stringMatching(hint),
        ]);
      }
    });

    test('that others may read works, with a warning', async () => {
      const key = join(bench.folder, 'open');
      writeFileSync(key, readFileSync(sshd.key));
      chmodSync(key, 0o644);
      const { hops, link } = await bench.dial([hopOf(sshd)], { kind: 'key', path: key });
      expect(hops[0]?.warning).toBe(`Others may read ${key}: chmod 600 ${key}`);
      link.close();
    });
  });

  describe('with the agent', () => {
    beforeEach(accepted);

    test('takes a key that it holds; and a locked key file that it has unlocked', async () => {
      const socket = join(bench.folder, 'agent');
      const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
      try {
        const env = { ...process.env, SSH_AUTH_SOCK: socket };
        await until('the agent answers', () => {
          try {
            execFileSync('ssh-add', ['-q', sshd.key], { env, stdio: 'ignore' });
            return true;
          } catch {
            return false;
          }
        });
        const environment = { SSH_AUTH_SOCK: socket };
        const steps: string[] = [];
        const observe = (_: string, __: unknown, words: string): void => void steps.push(words);
        (await bench.dial([hopOf(sshd)], { kind: 'agent' }, { environment }, observe)).link.close();
        expect(steps.at(-1)).toContain('a key of the SSH agent');
        const key = join(bench.folder, 'locked');
        writeFileSync(key, readFileSync(sshd.key), { mode: 0o600 });
        writeFileSync(`${key}.pub`, readFileSync(`${sshd.key}.pub`));
        execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'right', '-f', key]);
        (await bench.dial([hopOf(sshd)], { kind: 'key', path: key }, { environment }, observe)).link.close();
        expect(steps.at(-1)).toContain('unlocked in the SSH agent');
        execFileSync('ssh-add', ['-q', '-D'], { env, stdio: 'ignore' });
        const empty = await caught(bench.dial([hopOf(sshd)], { kind: 'agent' }, { environment }));
        expect(empty).toMatchObject({ code: 'auth-refused', message: 'The SSH agent holds no key.' });
        expect(empty.hint).toContain('ssh-add adds your key');
      } finally {
        agent.kill();
      }
    });

    test('that is not there, or does not answer, is an error soon', async () => {
      expect(await caught(bench.dial([hopOf(sshd)], { kind: 'agent' }))).toMatchObject({
        code: 'agent-unavailable',
      });
      const stale = { SSH_AUTH_SOCK: join(bench.folder, 'stale') };
      expect(
        await caught(bench.dial([hopOf(sshd)], { kind: 'agent' }, { environment: stale })),
      ).toMatchObject({
        code: 'agent-unavailable',
      });
      const mute = join(bench.folder, 'mute');
      const server = createServer(() => {});
      await new Promise<void>((resolve) => server.listen(mute, resolve));
      const error = await caught(
        bench.dial([hopOf(sshd)], { kind: 'agent' }, { environment: { SSH_AUTH_SOCK: mute } }),
      );
      expect(error).toMatchObject({ code: 'agent-unavailable' });
      server.close();
    });
  });

  describe('with a password', () => {
    beforeEach(accepted);
    const password = { kind: 'password' } as const;

    test('asks for it, and one that was refused is forgotten and not sent again', async () => {
      const error = await caught(bench.dial([hopOf(sshd)], password));
      expect(error).toMatchObject({ code: 'auth-needed', owner: { of: 'password' } });
      const { owner } = error as AuthNeeded;
      bench.secrets.give(owner, 'surely wrong');
      const before = sshd.log().length;
      const refused = await caught(bench.dial([hopOf(sshd)], password));
      expect(refused).toMatchObject({ code: 'auth-refused', owner });
      // sshd writes it after it has answered; a second one would come before the end of the connection
      const said = (): string => sshd.log().slice(before);
      await until('it is written, and the connection has ended', () =>
        /Failed password[^]*(Connection (closed|reset) by|Disconnected from)/.test(said()),
      );
      expect(said().match(/Failed password/g)).toHaveLength(1);
      expect(bench.secrets.take(owner)).toBeNull();
      expect(sshd.log()).not.toContain('surely wrong');
    });
  });

  describe('through a jump host', () => {
    test('checks each key under its own name and logs in at each', async () => {
      const jump = await startSshd();
      try {
        // one key opens both
        const auth = keyOf(jump);
        execFileSync('cp', [`${jump.key}.pub`, `${sshd.key}.pub`]);
        const hops = [hopOf(jump), hopOf(sshd)] as const;
        const first = await caught(bench.dial(hops, auth));
        expect((first as HostNotTrusted).verdict.key).toMatchObject({
          port: jump.port,
          fingerprint: jump.fingerprint(),
        });
        await bench.trust.accept((first as HostNotTrusted).verdict.key);
        const before = sshd.log().length;
        const second = await caught(bench.dial(hops, auth));
        expect((second as HostNotTrusted).verdict.key).toMatchObject({
          port: sshd.port,
          fingerprint: sshd.fingerprint(),
        });
        expect(sshd.log().slice(before)).not.toMatch(/userauth-request/);
        await bench.trust.accept((second as HostNotTrusted).verdict.key);
        const steps: string[] = [];
        const { link } = await bench.dial(hops, auth, {}, (step, hop) =>
          steps.push(`${step} ${hop.port === jump.port ? 'jump' : 'host'}`),
        );
        expect(steps).toEqual([
          'resolve jump',
          'connect jump',
          'host-key jump',
          'login jump',
          'connect host',
          'host-key host',
          'login host',
        ]);
        // and what is behind the jump host goes with it
        jump.killSessions();
        expect(await link.closed).toMatchObject({ code: 'connection-lost' });
      } finally {
        execFileSync('sh', ['-c', `ssh-keygen -y -f ${sshd.key} > ${sshd.key}.pub`]);
        await jump.stop();
      }
    });

    test('that may not forward, or cannot reach the host, is named', async () => {
      const jump = await startSshd({ config: ['AllowTcpForwarding no'] });
      const dead = await freePort();
      try {
        await bench.accept([hopOf(jump)], keyOf(jump));
        const refused = await caught(bench.dial([hopOf(jump), hopOf(sshd)], keyOf(jump)));
        expect(refused).toMatchObject({
          code: 'unreachable',
          message: expect.stringContaining('could not connect to'),
        });
        await bench.accept([hopOf(sshd)], keyOf(sshd));
        const nobody = await caught(bench.dial([hopOf(sshd), hopOf(sshd, { port: dead })], keyOf(sshd)));
        expect(nobody).toMatchObject({
          code: 'unreachable',
          message: expect.stringContaining(`port ${dead}`),
        });
      } finally {
        await jump.stop();
      }
    });
  });

  describe('where there is no SSH', () => {
    test('because nobody listens, the name is unknown, or nothing answers, says which', async () => {
      const port = await freePort();
      const at = (host: string, other = port) =>
        bench.dial([{ host, port: other, user: 'ada' }], keyOf(sshd));
      expect(await caught(at('127.0.0.1'))).toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining('refuses'),
      });
      expect(await caught(at('no-such-host.invalid'))).toMatchObject({ code: 'unreachable' });
    });

    test('because another service or a gate answers, no key is asked about', async () => {
      const http = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      });
      const gate = createServer((socket) => socket.destroy());
      const mute = createServer((socket) => socket.on('error', () => {}));
      // as sshd says it since 9.8, where an address has failed too often
      const penalty = createServer((socket) => {
        socket.on('error', () => {});
        socket.end('Not allowed at this time\r\n');
      });
      const servers = [http, gate, mute, penalty];
      const ports: number[] = [];
      for (const server of servers) {
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const address = server.address();
        ports.push(address !== null && typeof address === 'object' ? address.port : 0);
      }
      const at = (port = 0, signal = new AbortController().signal) =>
        bench.dial([{ host: '127.0.0.1', port, user: 'ada' }], keyOf(sshd), { signal });
      expect(await caught(at(ports[0]))).toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining('does not speak SSH'),
      });
      expect(await caught(at(ports[1]))).toMatchObject({ code: 'throttled' });
      const abort = new AbortController();
      setTimeout(() => abort.abort(new Error('enough')), 200);
      expect(await caught(at(ports[2], abort.signal))).toMatchObject({ message: 'enough' });
      expect(await caught(at(ports[3]))).toMatchObject({
        code: 'throttled',
        details: 'Not allowed at this time\n',
      });
      for (const server of servers) server.close();
    });
  });
});

/**
 * A fake of a site's SSH server, for what a real sshd does only with PAM: passwords that are right, and codes. Its key
 * is made by ssh-keygen: one of 200 that ssh2 makes is no key.
 */
async function fakeSite(
  folder: string,
  onAuth: (context: ssh2.AuthContext) => void,
): Promise<{ readonly port: number; readonly close: () => void; readonly key: string }> {
  const file = join(folder, 'site-key');
  makeKey(file);
  const key = readFileSync(file, 'utf8');
  const server = new ssh2.Server({ hostKeys: [key] }, (client) => {
    client.on('authentication', onAuth);
    client.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as { port: number }).port, close: () => server.close(), key };
}

describe('a login at a (fake) site with passwords and codes', () => {
  let bench: SshBench;
  beforeEach(() => {
    bench = new SshBench();
  });
  afterEach(() => bench.close());

  const acceptKey = async (port: number): Promise<void> => {
    const hop = { host: '127.0.0.1', port, user: 'ada' };
    const error = await caught(bench.dial([hop], { kind: 'password' }));
    await bench.trust.accept((error as HostNotTrusted).verdict.key);
  };

  test('gives the password by the dialogue where there is no other way', async () => {
    const site = await fakeSite(bench.folder, (context) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else
        context.prompt([{ prompt: 'Kennwort: ', echo: false }], (answers) =>
          answers[0] === 'right' ? context.accept() : context.reject(),
        );
    });
    await acceptKey(site.port);
    const hop = { host: '127.0.0.1', port: site.port, user: 'ada' };
    bench.secrets.give({ ...hop, of: 'password' }, 'right');
    (await bench.dial([hop], { kind: 'password' })).link.close();
    site.close();
  });

  test('asks for a code in the site’s own words, holds the login open, and uses the code once', async () => {
    let logins = 0;
    const site = await fakeSite(bench.folder, (context) => {
      if (context.method === 'password' && context.password === 'right')
        context.reject(['keyboard-interactive'], true);
      else if (context.method === 'keyboard-interactive') {
        context.prompt(
          [{ prompt: 'Verification\u001b[31m code: ', echo: true }],
          'Site',
          'Look at your phone.',
          (answers) => {
            logins++;
            if (answers[0] === '123456') context.accept();
            else context.reject();
          },
        );
      } else context.reject(['password']);
    });
    await acceptKey(site.port);
    const hop = { host: '127.0.0.1', port: site.port, user: 'ada' };
    bench.secrets.give({ ...hop, of: 'password' }, 'right');
    const without = await caught(bench.dial([hop], { kind: 'password' }));
    expect(without).toMatchObject({
      code: 'auth-needed',
      owner: { ...hop, of: 'code' },
      message: 'Look at your phone.\nVerification[31m code: ',
    });
    expect(logins).toBe(0);
    const asked: unknown[] = [];
    const asking = (needed: Error | null): void => {
      asked.push(needed === null ? null : 'asked');
      if (needed !== null) setTimeout(() => bench.secrets.give({ ...hop, of: 'code' }, '123456'), 100);
    };
    (await bench.dial([hop], { kind: 'password' }, { codeWaitMs: 10_000, asking })).link.close();
    expect(asked).toEqual(['asked', null]);
    expect(bench.secrets.take({ ...hop, of: 'code' })).toBeNull();
    site.close();
  });

  test('comes to a code after a key of the agent, which tells of no partial success', async () => {
    const file = join(bench.folder, 'user-key');
    makeKey(file);
    const site = await fakeSite(bench.folder, (context) => {
      if (context.method === 'publickey') {
        if (context.signature === undefined) context.accept();
        else context.reject(['keyboard-interactive'], true);
      } else if (context.method === 'keyboard-interactive') {
        context.prompt([{ prompt: 'Code: ', echo: false }], (answers) =>
          answers[0] === '42' ? context.accept() : context.reject(),
        );
      } else context.reject(['publickey']);
    });
    const socket = join(bench.folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await until('the agent answers', () => {
        try {
          execFileSync('ssh-add', ['-q', file], {
            env: { ...process.env, SSH_AUTH_SOCK: socket },
            stdio: 'ignore',
          });
          return true;
        } catch {
          return false;
        }
      });
      await acceptKey(site.port);
      const hop = { host: '127.0.0.1', port: site.port, user: 'ada' };
      for (const auth of [{ kind: 'agent' }, { kind: 'key', path: file }] as const) {
        bench.secrets.give({ ...hop, of: 'code' }, '42');
        (await bench.dial([hop], auth, { environment: { SSH_AUTH_SOCK: socket } })).link.close();
      }
    } finally {
      agent.kill();
      site.close();
    }
  });
});
