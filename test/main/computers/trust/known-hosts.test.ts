import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  algorithmOf,
  fingerprint,
  lineMatches,
  parseKnownHosts,
  wildcardMatches,
} from '#main/computers/trust/known-hosts.ts';
import { findProgram } from '../../../support/programs.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const hasKeygen = findProgram('ssh-keygen') !== null;

function makeKey(type = 'ed25519'): string {
  const file = join(temporaryFolder(), 'key');
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
  return readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

/** Lines in which ssh-keygen finds the host. */
function oracle(file: string, host: string): number[] {
  const { stdout } = spawnSync('ssh-keygen', ['-F', host, '-f', file], { encoding: 'utf8' });
  return [...stdout.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line));
}

const ours = (text: string, host: string, port: number): number[] =>
  parseKnownHosts(text)
    .filter((line) => lineMatches(line, host, port))
    .map(({ line }) => line);

describe.skipIf(!hasKeygen)('a file of known hosts', () => {
  test('is read as ssh-keygen reads it: lists, patterns, ports, negations, comments, no last line break', () => {
    const key = makeKey();
    const text = [
      '# a comment',
      '',
      `cluster.example.org ${key} with a comment`,
      `login1.example.org,login2.example.org,192.0.2.7 ${key}`,
      `*.example.org,!bad.example.org ${key}`,
      `[cluster.example.org]:2222 ${key}`,
      `node? ${key}`,
      `malformed`,
      `broken.example.org ssh-ed25519 notbase64!`,
      `UPPER.Example.Org ${key}`,
      `last.example.net ${key}`,
    ].join('\n');
    const file = join(temporaryFolder(), 'known_hosts');
    writeFileSync(file, text);
    const hosts = [
      ['cluster.example.org', 22],
      ['cluster.example.org', 2222],
      ['login2.example.org', 22],
      ['192.0.2.7', 22],
      ['bad.example.org', 22],
      ['node7', 22],
      ['node77', 22],
      ['upper.example.org', 22],
      ['last.example.net', 22],
      ['last.example.net', 2222],
      ['other.example.com', 22],
    ] as const;
    for (const [host, port] of hosts) {
      expect([host, port, ours(text, host, port)]).toEqual([
        host,
        port,
        oracle(file, port === 22 ? host : `[${host}]:${port}`),
      ]);
    }
  });

  test('may have its names hashed', () => {
    const key = makeKey();
    const file = join(temporaryFolder(), 'known_hosts');
    writeFileSync(file, `cluster.example.org ${key}\n[cluster.example.org]:2222 ${key}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('cluster');
    expect(ours(text, 'cluster.example.org', 22)).toEqual([1]);
    expect(ours(text, 'cluster.example.org', 2222)).toEqual([2]);
    expect(ours(text, 'cluster2.example.org', 22)).toEqual([]);
  });

  test.each(['ed25519', 'rsa', 'ecdsa'])('gives the fingerprint of an %s key as ssh-keygen -l', (type) => {
    const key = makeKey(type);
    const [algorithm = '', blob = ''] = key.split(' ');
    const file = join(temporaryFolder(), 'key.pub');
    writeFileSync(file, `${key}\n`);
    expect(fingerprint(blob)).toBe(
      execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' }).split(' ')[1],
    );
    expect(algorithmOf(blob)).toBe(algorithm);
  });

  test('says which lines revoke a key and which are of an authority', () => {
    const key = makeKey();
    const text = `@revoked * ${key}\n@cert-authority *.example.org ${key}\n@unknown a ${key}\nb ${key}\n`;
    expect(parseKnownHosts(text).map(({ marker, line }) => [marker, line])).toEqual([
      ['revoked', 1],
      ['cert-authority', 2],
      ['none', 4],
    ]);
  });
});

test('a line whose key is of another algorithm than it says is passed over', () => {
  const blob = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-rsa'), Buffer.from([1, 2, 3])]);
  expect(parseKnownHosts(`host ssh-rsa ${blob.toString('base64')}`)).toHaveLength(1);
  expect(parseKnownHosts(`host ssh-ed25519 ${blob.toString('base64')}`)).toHaveLength(0);
});

test('any text can be read without harm', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseKnownHosts(text)));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof algorithmOf(bytes) === 'string'));
});

test('wildcards match as a regular expression would', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  fc.assert(
    fc.property(part, text, (pattern, host) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(wildcardMatches(pattern, host)).toBe(expression.test(host));
    }),
  );
});
