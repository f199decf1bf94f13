import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { electronBinary } from '../../scripts/support/electron-binary.mjs';
import { skipReason } from '../support/skips.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const project = resolve(import.meta.dirname, '..', '..');

function whyNot(): string | null {
  if (!existsSync(electronBinary()))
    return 'Electron’s binary is not here (docs/manual-checks.md says how to get it)';
  if (process.getuid?.() === 0) return 'Electron’s sandbox does not run as root';
  if (!existsSync(join(project, 'out', 'main', 'electron.js'))) return 'the app is not built (npm run build)';
  const { DISPLAY = '', WAYLAND_DISPLAY = '' } = process.env;
  if (process.platform === 'linux' && DISPLAY === '' && WAYLAND_DISPLAY === '') return 'there is no display';
  return null;
}

const reason = skipReason('the desktop app in Electron', whyNot());

async function launch(profile = join(temporaryFolder(), 'profile')): Promise<ElectronApplication> {
  const app = await _electron.launch({
    executablePath: electronBinary(),
    args: [project, '--profile', profile],
    cwd: project,
  });
  onTestFinished(() => app.close());
  return app;
}

describe.skipIf(reason !== null)('the desktop app', () => {
  test('opens a window that reaches the core', async () => {
    const app = await launch();
    const window = await app.firstWindow();
    await window.waitForLoadState('domcontentloaded');
    expect(window.url()).toMatch(/^app:\/\/main\/index\.html/);
    await window.waitForSelector('nav');
    expect(await window.title()).toContain('Stemma');
  });

  test('shows its page in the sandbox, with two bridges and nothing of Node', async () => {
    const window = await (await launch()).firstWindow();
    const seen = await window.evaluate(() => ({
      require: typeof (globalThis as { require?: unknown }).require,
      process: typeof (globalThis as { process?: unknown }).process,
      bridges: Object.keys(globalThis)
        .filter((key) => key.startsWith('stemma'))
        .sort(),
    }));
    expect(seen).toEqual({
      require: 'undefined',
      process: 'undefined',
      bridges: ['stemmaChannel', 'stemmaShell'],
    });
  });

  test('stays on its page and opens no other window', async () => {
    const app = await launch();
    const window = await app.firstWindow();
    await window.waitForSelector('nav');
    await window.evaluate("location.href = 'https://example.org/'; null");
    await window.evaluate("open('file:///etc/passwd'); null");
    expect(window.url()).toMatch(/^app:\/\/main\//);
    expect(app.windows()).toHaveLength(1);
  });

  test('breaks no rule of its own content security policy', async () => {
    const window = await (await launch()).firstWindow();
    const violations: string[] = [];
    window.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text()))
        violations.push(message.text());
    });
    await window.reload();
    await window.waitForSelector('nav');
    expect(violations).toEqual([]);
  });
});
