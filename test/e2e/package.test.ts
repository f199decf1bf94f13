import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { filesOfApp, surprises } from '../../scripts/after-pack.mjs';
import { skipReason } from '../support/skips.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const project = resolve(import.meta.dirname, '..', '..');
const reason = skipReason(
  'packaging',
  existsSync(join(project, 'out', 'main', 'stemma.js')) ? null : 'the app is not built (npm run build)',
);

/** A folder that electron-builder takes for Electron: it packs the app beside an executable that does nothing. */
function fakeElectron(folder: string): string {
  const dist = join(folder, 'electron');
  mkdirSync(join(dist, 'resources'), { recursive: true });
  for (const name of ['electron', 'LICENSE', 'LICENSES.chromium.html', 'version']) {
    writeFileSync(join(dist, name), '#!/bin/sh\n');
  }
  chmodSync(join(dist, 'electron'), 0o755);
  return dist;
}

describe.skipIf(reason !== null || process.platform !== 'linux')('the package of the app', () => {
  test('put together by electron-builder, holds all that the app needs to run, and nothing else', async () => {
    const folder = temporaryFolder();
    const config = JSON.parse(readFileSync(join(project, 'electron-builder.json'), 'utf8')) as object;
    const file = join(folder, 'config.json');
    const licences = join(folder, 'licences.txt');
    writeFileSync(licences, 'licences');
    writeFileSync(
      file,
      JSON.stringify({
        ...config,
        // A script has no fuses.
        electronFuses: null,
        electronDist: fakeElectron(folder),
        directories: { output: join(folder, 'dist') },
        extraResources: [{ from: licences, to: 'third-party-licences.txt' }],
      }),
    );
    const cli = join(project, 'node_modules', 'electron-builder', 'cli.js');
    await run(process.execPath, [cli, '--publish=never', '--linux', 'dir', '--config', file], {
      cwd: project,
    });

    const resources = join(folder, 'dist', 'linux-unpacked', 'resources');
    const files = filesOfApp(resources);
    expect(surprises(files)).toEqual([]);
    expect(files).toContain(`node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`);
    expect(existsSync(join(resources, 'third-party-licences.txt'))).toBe(true);

    // Taken out of its archive it runs by itself, away from the project and its packages.
    const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
    const asar = createRequire(builder.resolve('app-builder-lib'))('@electron/asar') as {
      extractAll(archive: string, to: string): void;
    };
    const app = join(folder, 'app');
    asar.extractAll(join(resources, 'app.asar'), app);
    const stemma = (...args: string[]) =>
      run(process.execPath, [join(app, 'out', 'main', 'stemma.js'), ...args], {
        cwd: folder,
        env: { HOME: folder },
      });
    expect((await stemma('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const profile = join(folder, 'profile');
    expect(JSON.parse((await stemma('check', '--profile', profile, '--json')).stdout)).toMatchObject({
      problems: [],
    });
  });
});
