import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConfigLines } from '#main/computers/ssh-config/config-lines.ts';
import { evaluateHost, hostMatches, jumpOfCommand } from '#main/computers/ssh-config/evaluate.ts';
import { sshHosts } from '#main/computers/ssh-config/ssh-hosts.ts';
import { findProgram } from '../../../support/programs.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

function home(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.ssh', 'more'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, '.ssh', name), text);
  return folder;
}

const hostsOf = (config: string, files: Readonly<Record<string, string>> = {}) => {
  const folder = home({ config, ...files });
  return sshHosts({ home: folder, user: 'ada' });
};

describe('the hosts of an ssh configuration', () => {
  test('are those without wildcards, in their order, with what applies to each', async () => {
    const hosts = await hostsOf(`
      # my clusters
      Host granite basalt
        HostName %h.example.org
        User curie
        IdentityFile ~/.ssh/id_%r
      Host basalt
        Port 2222
      Host *.example.org !bad.example.org
        User nobody
      Host *
        User everybody
        Port 22
        IdentityFile "/keys/with blanks"
    `);
    expect(hosts.map(({ name, hostname, user, port }) => [name, hostname, user, port])).toEqual([
      ['granite', 'granite.example.org', 'curie', 22],
      ['basalt', 'basalt.example.org', 'curie', 2222],
    ]);
    expect(hosts[0]?.identityFile).toMatch(/\/\.ssh\/id_curie$/);
  });

  test('may be in included files', async () => {
    const hosts = await hostsOf('Include more/*.conf\nInclude other\nInclude not-there\nHost last\n', {
      'more/b.conf': 'Host b\n  HostName b.example.org\n',
      'more/a.conf': 'Host a\n',
      other: 'Host o\n',
    });
    expect(hosts.map(({ name }) => name)).toEqual(['a', 'b', 'o', 'last']);
    expect(hosts[1]?.hostname).toBe('b.example.org');
  });

  test('have jump hosts, each looked up itself, and the first with its own', async () => {
    const hosts = await hostsOf(`
      Host door
        HostName door.example.org
        User door-user
        ProxyJump gate@outer.example.org:2200
      Host inner
        HostName 10.0.0.1
        ProxyJump door,second
      Host second
        HostName second.example.org
        ProxyJump somewhere-else
      Host none
        ProxyJump none
    `);
    expect(hosts.find(({ name }) => name === 'inner')?.jumps).toEqual([
      { host: 'outer.example.org', user: 'gate', port: 2200 },
      { host: 'door.example.org', user: 'door-user', port: 22 },
      { host: 'second.example.org', user: 'ada', port: 22 },
    ]);
    expect(hosts.find(({ name }) => name === 'none')?.jumps).toEqual([]);
  });

  test('say what we do not do of them', async () => {
    const hosts = await hostsOf(`
      Host proxied
        ProxyCommand nc -X 5 %h %p
      Host old
        ProxyCommand ssh -q -W %h:%p door
      Host certified
        CertificateFile ~/.ssh/id-cert.pub
        GSSAPIAuthentication yes
      Match exec "touch /tmp/must-not-run"
        User evil
      Match host circle
        ProxyJump circle
      Host circle
    `);
    const notes = Object.fromEntries(hosts.map((host) => [host.name, host.notes]));
    expect(notes['proxied']).toContain('ProxyCommand is not run: use a jump host instead.');
    expect(hosts.find(({ name }) => name === 'old')?.jumps).toEqual([
      { host: 'door', user: 'ada', port: 22 },
    ]);
    expect(notes['certified']).toHaveLength(3);
    expect(notes['circle']).toContain('The jump host circle leads round in a circle.');
    expect(hosts.map(({ user }) => user)).not.toContain('evil');
  });

  test('go through five jump hosts, and say which one is too many', async () => {
    const chain = (length: number): string =>
      Array.from({ length }, (_, at) => `Host h${at}\n  ProxyJump h${at + 1}\n`).join('');
    const first = async (length: number) => (await hostsOf(chain(length))).find(({ name }) => name === 'h0');
    const five = await first(5);
    expect(five?.jumps.map(({ host }) => host)).toEqual(['h5', 'h4', 'h3', 'h2', 'h1']);
    expect(five?.notes).toEqual([]);
    const six = await first(6);
    expect(six?.jumps.map(({ host }) => host)).toEqual(['h5', 'h4', 'h3', 'h2', 'h1']);
    expect(six?.notes).toEqual([expect.stringMatching(/jump host h6 .*number 6 .*goes through 5\.$/)]);
  });

  test('are none where there is no configuration', async () => {
    expect(await sshHosts({ home: temporaryFolder(), user: 'ada' })).toEqual([]);
  });

  test('of a file that is broken or includes itself are an error with the file', async () => {
    await expect(hostsOf('Host "a\n  User b')).rejects.toMatchObject({
      code: 'bad-ssh-config',
      subject: expect.stringContaining('config'),
    });
    await expect(hostsOf('Include config\n')).rejects.toMatchObject({ code: 'bad-ssh-config' });
  });
});

test.each([
  ['ssh -W %h:%p door', 'door'],
  ['ssh door -W %h:%p', 'door'],
  ['/usr/bin/ssh -q -W [%h]:%p user@door:2222', 'user@door:2222'],
  ['ssh -o Option=x -W %h:%p door', null],
  ['ssh -W %h:%p -oProxyCommand=evil', null],
  ['nc %h %p', null],
  ['sh -c "ssh -W %h:%p door"', null],
])('the proxy command “%s” is the jump host %s', (command, jump) => {
  expect(jumpOfCommand(command)).toBe(jump);
});

test('a host with a “!” pattern that fits is left out', () => {
  expect(hostMatches(['*', '!b*'], 'a')).toBe(true);
  expect(hostMatches(['*', '!b*'], 'bc')).toBe(false);
  expect(hostMatches(['!b'], 'a')).toBe(false);
});

describe.skipIf(findProgram('ssh') === null)('any configuration', () => {
  const word = fc.constantFrom('alpha', 'beta', 'gamma.example.org', 'a', 'b');
  const pattern = fc.constantFrom('alpha', 'beta', 'a*', '*', '?', '*.example.org', '!beta', 'b', '!*.org');
  const setting = fc.oneof(
    word.map((value) => `User ${value}`),
    fc.integer({ min: 1, max: 65535 }).map((value) => `Port ${value}`),
    fc.constantFrom(
      'HostName real.example.org',
      'HostName %h.example.net',
      'hostname=other',
      'HostName "quoted"',
    ),
    fc.constantFrom('ProxyJump door', 'ProxyJump u@door:22,second', 'ProxyJump none', 'ProxyCommand none'),
    fc.constantFrom('# a comment', '', 'Compression yes'),
  );
  const block = fc.tuple(
    fc.oneof(
      fc.array(pattern, { minLength: 1, maxLength: 3 }).map((patterns) => `Host ${patterns.join(' ')}`),
      fc.constantFrom(
        'Match all',
        'Match host a*',
        'Match originalhost beta',
        'Match user alpha',
        'Match host *.net',
      ),
    ),
    fc.array(setting, { maxLength: 4 }),
  );

  test('means to us what it means to ssh', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'config');
    const local = { home: folder, user: userInfo().username };
    await fc.assert(
      fc.asyncProperty(
        fc.array(setting, { maxLength: 2 }),
        fc.array(block, { maxLength: 5 }),
        word,
        async (global, blocks, host) => {
          const text = [
            ...global,
            ...blocks.flatMap(([head, lines]) => [head, ...lines.map((one) => `  ${one}`)]),
          ].join('\n');
          writeFileSync(file, `${text}\n`);
          const theirs = execFileSync('ssh', ['-F', file, '-G', host], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          });
          const value = (key: string): string => new RegExp(`^${key} (.*)$`, 'm').exec(theirs)?.[1] ?? '';
          const ours = evaluateHost(await readConfigLines(file, folder), host, local);
          expect({ hostname: ours.hostname, user: ours.user, port: ours.port, jump: ours.proxyJump }).toEqual(
            {
              hostname: value('hostname'),
              user: value('user'),
              port: Number(value('port')),
              jump: value('proxyjump'),
            },
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});
