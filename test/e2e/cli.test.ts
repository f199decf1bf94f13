import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { notBuilt, serving, stemma } from '../support/built-app.ts';
import { noSharedArchives, sharedArchives } from '../support/shared-archives.ts';
import { skipReason } from '../support/skips.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const noBuild = skipReason('the command line', notBuilt);
const noArchives = skipReason('archive info', notBuilt ?? noSharedArchives);

describe.skipIf(noBuild !== null)('the built command line', () => {
  const profileIn = (folder: string): string => join(folder, 'profile');

  test('serves with exactly one line on stdout, and ends well when it is told to', async () => {
    const server = await serving(profileIn(temporaryFolder()));
    const { origin, hash } = new URL(server.address);
    expect(hash).toMatch(/^#token=[\w-]{43}$/);
    const page = await fetch(`${origin}/`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await server.end('SIGTERM')).toBe(0);
    expect(server.stdout()).toBe(`Stemma is at ${server.address}\n`);
  });

  test('ends well at Ctrl-C too, and opens again after a kill', async () => {
    const profile = profileIn(temporaryFolder());
    const first = await serving(profile);
    expect(await first.end('SIGKILL')).toBeNull();
    const second = await serving(profile);
    expect(await second.end('SIGINT')).toBe(0);
    const { status, stdout } = await stemma(['check', '--profile', profile, '--json']);
    expect({ status, problems: (JSON.parse(stdout) as { problems: unknown[] }).problems }).toEqual({
      status: 0,
      problems: [],
    });
  });

  test('says which process has a profile, in exactly these words and in one line', async () => {
    const profile = profileIn(temporaryFolder());
    const server = await serving(profile);
    const words = `The profile at ${profile} is in use by another instance of Stemma (process ${server.child.pid} on ${hostname()}).\n`;
    for (const args of [
      ['check', '--profile', profile],
      ['process', 'list', '--profile', profile, '--json'],
      ['serve', '--no-open', '--profile', profile],
    ]) {
      const { status, stdout, stderr } = await stemma(args);
      expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: words });
    }
    await server.end();
  });

  test('never writes its token to the log', async () => {
    const profile = profileIn(temporaryFolder());
    const server = await serving(profile);
    const token = new URL(server.address).hash.slice('#token='.length);
    await fetch(`${new URL(server.address).origin}/files/x`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await server.end();
    expect(readFileSync(join(profile, 'logs', 'stemma.jsonl'), 'utf8')).not.toContain(token);
  });

  test('launches, waits, lists, exports and imports', async () => {
    const folder = temporaryFolder();
    const profile = profileIn(folder);
    const inputs = join(folder, 'inputs.json');
    writeFileSync(inputs, JSON.stringify({ inputs: { x: 6, y: 7 } }));
    const launch = ['launch', 'core.arithmetic.multiply', '--inputs', inputs];
    const launched = await stemma(launch.concat(['--profile', profile, '--wait', '--json']));
    expect(launched).toMatchObject({ status: 0 });
    const result = JSON.parse(launched.stdout) as { uuid: string; state: string };
    expect(result.state).toBe('finished');

    const copied = await stemma(launch.concat(['--profile', join(folder, 'cached'), '--cache', '--wait']));
    const [uuid = ''] = copied.stdout.split(' ');
    expect(await stemma(['process', 'cache', uuid, '--profile', join(folder, 'cached')])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('There was no earlier calculation of this type.'),
    });

    const listed = await stemma(['process', 'list', '--profile', profile, '--json']);
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { uuid: result.uuid, state: 'finished', exitStatus: 0 },
    ]);

    const archive = join(folder, 'all.aiida');
    const exported = await stemma(['archive', 'export', archive, '--profile', profile, '--all', '--json']);
    expect(exported).toMatchObject({ status: 0 });
    const info = await stemma(['archive', 'info', archive, '--json']);
    expect(JSON.parse(info.stdout)).toEqual(JSON.parse(exported.stdout));
    expect(JSON.parse(info.stdout)).toMatchObject({ version: 'main_0001', nodes: 4, links: 3 });

    const other = join(folder, 'other');
    const imported = await stemma(['archive', 'import', archive, '--profile', other, '--json']);
    expect(JSON.parse(imported.stdout)).toMatchObject({
      nodes: { new: 4, identical: 0, changed: 0 },
      conflicts: [],
    });
    const again = await stemma(['archive', 'import', archive, '--profile', other, '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ nodes: { new: 0, identical: 4, changed: 0 } });
    expect(await stemma(['check', '--profile', other, '--read-files'])).toMatchObject({ status: 0 });
  });

  test.each([
    [['conquer'], 2, 'There is no command “conquer”.'],
    [['archive', 'info', '/nowhere/a.aiida'], 1, '/nowhere/a.aiida'],
    [['archive', 'info', import.meta.filename], 1, ''],
    [['check', '--profile', '/dev/null'], 1, '/dev/null'],
  ])('refuses nonsense with one line: %j', async (args, status, words) => {
    const ended = await stemma(args);
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(ended.stderr).toContain(words);
  });
});

describe.skipIf(noArchives !== null)('stemma archive info', () => {
  const archives = sharedArchives().filter(({ version }) => version === 'main_0001');

  test.each(archives)('gives the counts of a real archive: $file', async (archive) => {
    const { status, stdout } = await stemma(['archive', 'info', archive.path, '--json']);
    expect(status).toBe(0);
    const { nodes, links, groups, computers, logs, comments, repo, version, aiida } = archive;
    expect(JSON.parse(stdout)).toEqual({
      version,
      aiidaVersion: aiida,
      writtenBy: `AiiDA ${aiida}`,
      about: { title: '', author: '', description: '', licence: '' },
      nodes,
      links,
      groups,
      computers,
      users: expect.any(Number),
      logs,
      comments,
      files: repo,
    });
  });
});
