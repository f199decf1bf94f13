import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { transportCauses } from '#shared/process/causes.ts';
import type { SshTransport } from '#main/computers/transports/ssh/ssh-transport.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { findProgram, until } from '../../support/programs.ts';
import { skipReason } from '../../support/skips.ts';
import { SshBench } from '../../support/ssh-bench.ts';
import { sshdUnavailable, startSshd, type Sshd, type SshdOptions } from '../../support/sshd.ts';
import { describeTransport, type TransportPlace } from '../../support/transport-suite.ts';

const missing = skipReason('Commands and files over a real sshd', sshdUnavailable());
const signal = new AbortController().signal;

interface Open {
  readonly sshd: Sshd;
  readonly bench: SshBench;
  readonly transport: SshTransport;
}

async function open(options: SshdOptions = {}): Promise<Open & { readonly close: () => Promise<void> }> {
  const sshd = await startSshd(options);
  const bench = new SshBench();
  const transport = await bench.transport(sshd);
  return {
    sshd,
    bench,
    transport,
    async close() {
      bench.close();
      await sshd.stop();
    },
  };
}

const echo = (transport: SshTransport, text = 'hello') =>
  transport.exec({ what: 'a test', script: `cat; echo; echo $((6 * 7))`, input: Buffer.from(text) });

const uploadOne = (transport: SshTransport, directory: string, bytes: Uint8Array, content?: Readable) =>
  transport.upload({
    directory,
    files: [
      {
        path: 'data',
        size: bytes.length,
        executable: false,
        hash: createHash('sha256').update(bytes).digest('hex') as string as ObjectHash,
      },
    ],
    open: () => content ?? Readable.from([bytes]),
    keepIf: [],
    signal,
  });

describe.skipIf(missing !== null)('over SSH', () => {
  let at: Open & { readonly close: () => Promise<void> };
  beforeAll(async () => {
    at = await open();
  });
  afterAll(() => at.close());

  describeTransport('SSH', (): TransportPlace => ({ transport: at.transport, root: at.sshd.home }));

  test('a large file makes the round trip', async () => {
    const bytes = randomBytes(100_000_000);
    const directory = join(at.sshd.home, 'large');
    await uploadOne(at.transport, directory, bytes);
    expect(readFileSync(join(directory, 'data')).equals(bytes)).toBe(true);
    const { files } = await at.transport.manifest(directory, ['data'], signal);
    const hash = createHash('sha256');
    await at.transport.fetch(
      directory,
      files,
      async (_, content) => {
        for await (const chunk of content) hash.update(chunk as Buffer);
      },
      signal,
    );
    expect(hash.digest('hex')).toBe(files[0]?.hash);
  });

  test.each([
    ['prints a megabyte', 'head -c 1000000 /dev/zero | tr "\\0" n; echo'],
    ['prints colours and control characters', `printf '\\033[31mred\\033[0m\\a\\b\\n'`],
    ['prints bytes that are no text', `head -c 5000 /dev/urandom`],
    [
      'prints what looks like a frame',
      `echo; echo '@@stemma 0000 begin@@'; echo; echo '@@stemma 0000 end 0 1 1@@'`,
    ],
    ['prints on standard error', 'echo warning >&2'],
    ['prints without end of line', 'printf "Welcome to the cluster"'],
    ['changes the locale and the field separator', 'export LC_ALL=ja_JP.eucJP; IFS=x; cd /; set -f'],
    ['begins something in the background', '(sleep 1; echo late) &'],
    ['defines functions in the way', 'printf() { echo wrong; }; cat() { echo wrong; }; export -f printf cat'],
  ])('a login script that %s does no harm', async (_, line) => {
    writeFileSync(join(at.sshd.home, '.bashrc'), `${line}\n`);
    try {
      const answer = await echo(at.transport);
      expect(answer).toMatchObject({ exitCode: 0, stdout: 'hello\n42\n' });
      expect(answer.stderr).not.toContain('warning');
      const directory = join(at.sshd.home, 'noisy');
      await uploadOne(at.transport, directory, Buffer.from('x'));
      const { files } = await at.transport.manifest(directory, ['*'], signal);
      expect(files.map(({ path }) => path)).toEqual(['data']);
    } finally {
      writeFileSync(join(at.sshd.home, '.bashrc'), '');
    }
  });

  test('a login script that ends the shell is an error that says where to look', async () => {
    writeFileSync(join(at.sshd.home, '.bashrc'), 'echo "This account is for file transfer."; exit 0\n');
    try {
      await expect(echo(at.transport)).rejects.toMatchObject({
        code: 'garbled-answer',
        hint: expect.stringContaining('.bashrc'),
        details: expect.stringContaining('file transfer'),
      });
    } finally {
      writeFileSync(join(at.sshd.home, '.bashrc'), '');
    }
  });

  test('a full disk there is told as such, and nothing is called uploaded', async () => {
    const mounted = join(at.sshd.home, 'small');
    mkdirSync(mounted);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mounted], { stdio: 'ignore' });
    } catch {
      skipReason('A full disk on the computer', 'only root may mount a small file system');
      return;
    }
    try {
      const full = uploadOne(at.transport, join(mounted, 'job'), randomBytes(5_000_000));
      await expect(full).rejects.toMatchObject({
        code: 'remote-disk-full',
        details: expect.stringMatching(/No space left|Wrote only/),
      });
      await uploadOne(at.transport, join(mounted, 'job'), randomBytes(500_000));
    } finally {
      execFileSync('umount', [mounted]);
    }
  });

  test('a command that is not there is told as such', async () => {
    const answer = await at.transport.exec({ what: 'a test', script: 'no-such-command' });
    expect(answer.exitCode).toBe(127);
  });
});

describe.skipIf(missing !== null)('with a login shell of another kind', () => {
  const shells = ['dash', 'tcsh', 'csh', 'fish', 'zsh', 'ksh', 'mksh'];
  for (const name of shells) {
    const path = findProgram(name);
    const reason = skipReason(
      `The login shell ${name}`,
      path === null ? `${name} is not installed` : missing,
    );
    test.skipIf(reason !== null)(`${name}: commands and files work as with any other`, async () => {
      const at = await open({ shell: path ?? '' });
      try {
        expect(await echo(at.transport, `it's "quoted" $HOME \\ !x`)).toMatchObject({
          exitCode: 0,
          stdout: `it's "quoted" $HOME \\ !x\n42\n`,
        });
        const directory = join(at.sshd.home, `a 'b' $c`);
        await uploadOne(at.transport, directory, Buffer.from('content'));
        const { files } = await at.transport.manifest(directory, ['*'], signal);
        expect(files.map(({ path }) => path)).toEqual(['data']);
      } finally {
        await at.close();
      }
    });
  }
});

describe.skipIf(missing !== null)('a server that allows few sessions', () => {
  test.each([1, 2, 3])('(%i at once) serves fifty commands at once all the same', async (limit) => {
    const at = await open({ config: [`MaxSessions ${limit}`] });
    try {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          at.transport.exec({ what: 'a test', script: `sleep 0.0${index % 5}; echo ${index}` }),
        ),
      );
      expect(answers.map(({ stdout }) => stdout)).toEqual(answers.map((_, index) => `${index}\n`));
    } finally {
      await at.close();
    }
  });

  test('(none) is an error, not a wait for ever', async () => {
    const at = await open({ config: ['MaxSessions 0'] });
    try {
      await expect(echo(at.transport)).rejects.toMatchObject({ code: 'throttled' });
    } finally {
      await at.close();
    }
  });
});

describe.skipIf(missing !== null)('when the link fails', () => {
  /** Every kind of operation, each of which takes a while. */
  const operations = (
    transport: SshTransport,
    home: string,
  ): Readonly<Record<string, () => Promise<unknown>>> => ({
    'a command': () => transport.exec({ what: 'a test', script: `touch '${home}/begun'; sleep 60` }),
    'a command that prints': () =>
      transport.exec({ what: 'a test', script: 'while sleep 0.05; do echo x; done' }),
    'a command that reads': () =>
      transport.exec({
        what: 'a test',
        script: 'sleep 60; cat',
        input: Readable.from(Array.from({ length: 500 }, () => Buffer.alloc(100_000))),
      }),
    'an upload': () => {
      const never = new Readable({ read() {} });
      never.push(Buffer.alloc(1000));
      return uploadOne(transport, join(home, 'up'), Buffer.alloc(10_000_000), never);
    },
    'a list of files': () => transport.manifest('/proc', ['*/task/*/fd/*'], signal),
    'a download': () =>
      transport.fetch(
        home,
        [{ raw: 'pipe' as never, path: 'pipe', size: 10, hash: 'x' as never }],
        async (_, content) => {
          for await (const chunk of content) void chunk;
        },
        signal,
      ),
    'one more session': () => transport.exec({ what: 'a test', script: 'true' }),
  });

  const outcomeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (thrown: { code?: string }) => thrown.code ?? String(thrown),
    );

  test.each(['the server’s processes are killed', 'the connection is cut'])(
    'because %s, every call settles by that',
    async (how) => {
      const at = await open();
      const proxy = await startFaultProxy(at.sshd.port);
      execFileSync('mkfifo', [join(at.sshd.home, 'pipe')]);
      try {
        const transport = await at.bench.transport(at.sshd, proxy.port);
        const running = Object.entries(operations(transport, at.sshd.home)).map(
          async ([name, start]) => [name, await outcomeOf(start())] as const,
        );
        await until('some of it is under way there', () => existsSync(join(at.sshd.home, 'begun')));
        if (how.includes('killed')) at.sshd.killSessions();
        else proxy.cut();
        const outcomes = Object.fromEntries(await Promise.all(running));
        for (const [name, code] of Object.entries(outcomes)) {
          // what was quick enough is done
          expect([name, code === 'done' || Object.hasOwn(transportCauses, code), code]).toEqual([
            name,
            true,
            code,
          ]);
        }
        // by the loss, not by their own silence
        expect(outcomes['a command']).toBe('connection-lost');
        expect(outcomes['an upload']).toBe('connection-lost');
        // and afterwards too
        expect(await outcomeOf(echo(transport))).toBe('connection-lost');
        expect(await transport.closed).toMatchObject({ code: 'connection-lost' });
      } finally {
        await proxy.close();
        await at.close();
      }
    },
  );

  test('because nothing comes any more (half open), every call settles after its silence', async () => {
    const at = await open();
    const proxy = await startFaultProxy(at.sshd.port);
    try {
      const transport = await at.bench.transport(at.sshd, proxy.port);
      const go = join(at.sshd.home, 'go');
      const script = `touch ${go}.begun; while [ ! -e ${go} ]; do sleep 0.1; done; echo`;
      const running = outcomeOf(transport.exec({ what: 'a test', script, silenceMs: 2000 }));
      await until('it runs', () => existsSync(`${go}.begun`));
      proxy.freeze();
      // its answer is on its way, and does not arrive
      writeFileSync(go, '');
      expect(await running).toBe('timeout');
      proxy.thaw();
      expect((await echo(transport)).stdout).toBe('hello\n42\n');
    } finally {
      await proxy.close();
      await at.close();
    }
  });

  test('at any byte of an upload, the next upload makes it whole', async () => {
    const at = await open();
    const proxy = await startFaultProxy(at.sshd.port);
    const bytes = randomBytes(2_000_000);
    const directory = join(at.sshd.home, 'job');
    try {
      for (const cut of [0, 500, 3000, 20_000, 400_000, 1_500_000, 1_999_000]) {
        const transport = await at.bench.transport(at.sshd, proxy.port);
        proxy.cutAfter(cut, 'to-server');
        const outcome = await outcomeOf(uploadOne(transport, directory, bytes));
        expect([cut, outcome]).toEqual([cut, 'connection-lost']);
      }
      const transport = await at.bench.transport(at.sshd, proxy.port);
      await uploadOne(transport, directory, bytes);
      expect(readFileSync(join(directory, 'data')).equals(bytes)).toBe(true);
    } finally {
      await proxy.close();
      await at.close();
    }
  });

  test('at any byte of an answer, it is no answer', async () => {
    const at = await open();
    const proxy = await startFaultProxy(at.sshd.port);
    try {
      for (const cut of [0, 30, 100, 200, 300, 400, 1000, 5000, 20_000]) {
        const transport = await at.bench.transport(at.sshd, proxy.port);
        proxy.cutAfter(cut, 'to-client');
        const script = 'i=0; while [ $i -lt 2000 ]; do echo "line $i of many"; i=$((i+1)); done';
        const outcome = await outcomeOf(transport.exec({ what: 'a test', script }));
        expect([cut, outcome]).toEqual([cut, 'connection-lost']);
      }
    } finally {
      await proxy.close();
      await at.close();
    }
  });
});
