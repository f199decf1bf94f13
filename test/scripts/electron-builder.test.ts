import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { surprises } from '../../scripts/after-pack.mjs';
import config from '../../electron-builder.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };

const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));

interface ConfigModule {
  readonly validateConfiguration: (config: unknown, log: { isEnabled: boolean }) => Promise<void>;
}

const validate = (candidate: unknown): Promise<void> =>
  (builder('app-builder-lib/out/util/config/config') as ConfigModule).validateConfiguration(candidate, {
    isEnabled: false,
  });

describe('the configuration of electron-builder', () => {
  test('is one that electron-builder itself takes', async () => {
    await expect(validate(config)).resolves.toBeUndefined();
    await expect(validate({ ...config, asarUnpakc: [] })).rejects.toThrow('asarUnpakc');
  });

  test('closes every fuse that could run other code, and reads only our archive', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
      loadBrowserProcessSpecificV8Snapshot: false,
      resetAdHocDarwinSignature: true,
    });
    expect(config.asar).toBe(true);
  });

  test('opens archives by a double click', () => {
    expect(config.fileAssociations).toMatchObject([
      { ext: 'aiida', mimeType: 'application/x-aiida-archive', role: 'Viewer' },
    ]);
  });

  test('compiles nothing and publishes nothing', () => {
    expect(config).toMatchObject({ npmRebuild: false, buildDependenciesFromSource: false, publish: null });
  });

  test('names files that are there', () => {
    expect(existsSync(config.mac.icon)).toBe(true);
    expect(existsSync(config.win.icon)).toBe(true);
    for (const size of [16, 32, 48, 64, 128, 256, 512]) {
      expect(existsSync(`${config.linux.icon}/${size}x${size}.png`)).toBe(true);
    }
    expect(existsSync(config.afterPack)).toBe(true);
    expect(manifest.main).toBe('out/main/electron.js');
  });
});

describe('a packaged app', () => {
  const right = [
    'package.json',
    'out/main/electron.js',
    'out/preload/preload.cjs',
    'out/renderer/index.html',
    'resources/icons/512x512.png',
    'node_modules/better-sqlite3/lib/index.js',
    'node_modules/better-sqlite3/prebuilds/linux-x64.node',
  ];

  test('that has what it needs and nothing else is right', () => {
    expect(surprises(right)).toEqual([]);
  });

  test.each([
    ['out/main/electron.js is missing', right.filter((file) => file !== 'out/main/electron.js')],
    ['native modules', [...right, 'node_modules/better-sqlite3/prebuilds/darwin-arm64.node']],
    ['native modules', [...right, 'node_modules/cpu-features/build/cpufeatures.node']],
    ['native modules: none', right.filter((file) => !file.endsWith('.node'))],
    ['packages: better-sqlite3, ssh2', [...right, 'node_modules/ssh2/index.js']],
    ['packages: better-sqlite3, @lucide/svelte', [...right, 'node_modules/@lucide/svelte/index.js']],
    ['do not belong there: out/main/electron.js.map', [...right, 'out/main/electron.js.map']],
    ['do not belong there: src-main/core.ts', [...right, 'src-main/core.ts']],
    ['do not belong there: .env', [...right, '.env']],
  ])('is stopped: %s', (words, files) => {
    expect(surprises(files).join('; ')).toContain(words);
  });
});
