import { describe, expect, test } from 'vitest';
import { checkedWords, findingAdvice, findingTitle } from '#renderer/features/diagnostics/finding-words.ts';
import { bugReport, withoutHome, type ReportParts } from '#renderer/features/diagnostics/report.ts';

const time = Date.UTC(2026, 10, 22, 12);
const parts: ReportParts = {
  info: {
    version: '0.1.0',
    shell: 'browser',
    platform: 'linux x64',
    versions: { node: '24.0.0' },
    profile: { name: 'p', directory: '/home/ada/p', nodes: 3, isNew: false },
    user: { email: 'ada@example.org', firstName: 'Ada', lastName: 'Example', institution: 'An institute' },
  },
  status: {
    engine: 'running',
    engineMessage: '',
    processes: {
      created: 0,
      running: 0,
      waiting: 0,
      paused: 0,
      finished: 0,
      failed: 0,
      excepted: 0,
      killed: 0,
    },
    computers: [
      {
        uuid: 'u',
        label: 'granite',
        connection: 'waiting',
        message: 'granite is unreachable',
        jobs: 2,
        waiting: 0,
        unreachableSince: null,
        nextAttempt: null,
      },
      {
        uuid: 'v',
        label: 'k2',
        connection: 'idle',
        message: '',
        jobs: 0,
        waiting: 0,
        unreachableSince: null,
        nextAttempt: null,
      },
      {
        uuid: 'w',
        label: 'ms',
        connection: 'idle',
        message: '',
        jobs: 0,
        waiting: 0,
        unreachableSince: null,
        nextAttempt: null,
      },
    ],
    tasks: [],
  },
  facts: {
    time,
    uptimeMs: 61_000,
    memory: { rss: 200_000_000, heapUsed: 50_000_000, external: 0 },
    loop: { p50: 0.1, p99: 2, max: 5, maxEver: 120 },
    database: { bytes: 1_000_000, walBytes: 0, nodes: 3, links: 2 },
    repository: { objects: 4, bytes: 2000 },
    slowQueries: [{ time, ms: 320, sql: 'SELECT\n  1' }],
    recentLog: [
      { time, level: 'info', room: 'core', message: 'began' },
      { time, level: 'error', room: 'ssh', message: 'granite said no to ada@example.org in /home/ada/.ssh' },
      {
        time,
        level: 'warn',
        room: 'ssh',
        message: 'al7@login.hpc.example.org:2222 accepted none of the keys',
      },
      { time, level: 'warn', room: 'ssh', message: 'getaddrinfo ENOTFOUND jump.hpc.example.org' },
      { time, level: 'warn', room: 'ssh', message: 'connect ECONNREFUSED 203.0.113.7:22, not 127.0.0.1' },
      {
        time,
        level: 'warn',
        room: 'ssh',
        message: 'quartz7.example.org and quartz7 closed; “k2” waits 5 ms',
      },
    ],
  },
  check: {
    report: {
      problems: [{ code: 'object-missing', subject: 'abc', message: 'The file is gone.' }],
      checked: { nodes: 3, objects: 4, runs: 0 },
    },
    readObjects: true,
    ended: time,
    ms: 1500,
  },
  hosts: ['quartz7.example.org', 'localhost', ''],
  browser: 'A browser (Chrome/142.0.74.59)',
};

describe('a report for developers', () => {
  const report = bugReport(parts);

  test('says versions, health, sizes, findings and what went wrong', () => {
    for (const words of [
      'Stemma 0.1.0 (browser, linux x64)',
      'node 24.0.0',
      'longest 120 ms',
      '1.00 MB',
      'check with every file read: 1 findings in 3 nodes, 4 files, 1.5 s',
      'object-missing  abc  The file is gone.',
      '320 ms  SELECT 1',
      'ssh: computer-1 said no',
      'ssh: [account] accepted none of the keys',
      'ENOTFOUND [host]\n',
      'ECONNREFUSED [address]:22, not 127.0.0.1',
      '[host] and [host] closed; “computer-2” waits 5 computer-3',
      // what the report says itself stays
      'usually 0.1 ms',
      'Chrome/142.0.74.59',
    ]) {
      expect(report).toContain(words);
    }
  });

  test('names no person, no computer and no home', () => {
    for (const secret of [
      'ada',
      'Ada',
      'granite',
      'al7',
      'login.hpc',
      'jump.hpc',
      'quartz',
      'k2',
      '203.0',
      '2222',
      '/home/',
      'institute',
      'began',
    ]) {
      expect(report).not.toContain(secret);
    }
  });

  test('folds homes of every system', () => {
    const superuser = ['', 'root'].join('/');
    const text = `/home/ada/p /Users/ada/p C:\\Users\\ada\\p ${superuser}/p ${superuser} and ${superuser}ed`;
    expect(withoutHome(text)).toBe('~/p ~/p ~\\p ~/p ~ and /rooted');
  });
});

describe('findings', () => {
  test('are said in words, also those of a newer core', () => {
    expect(findingTitle('object-missing')).toBe('A file is missing');
    expect(findingTitle('link-type-broken')).toBe('Link type broken');
    expect(checkedWords({ nodes: 1200, objects: 3, runs: 0 })).toBe('1\u2009200 nodes, 3 files');
  });

  test('come with what to do', () => {
    expect(findingAdvice(['object-leftover'])).toContain('put right');
    expect(findingAdvice(['object-misnamed', 'object-leftover'])).toContain('not of Stemma');
    expect(findingAdvice(['object-leftover', 'object-damaged'])).toContain('copy of its folder');
  });
});
