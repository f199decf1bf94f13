import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../support/chromium.ts';
import { startServing } from '../support/start-serving.ts';
import { report, runsOf } from './measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'stemma-bench-'));
const samples = { address: [] as number[], screen: [] as number[], again: [] as number[] };

if (chromiumPath === null) throw new Error('Chromium is not installed: the first screen cannot be seen.');
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ['--no-sandbox', '--disable-gpu'],
});

/** From the start of the process, with the browser open, until a page shows what the core answered. */
async function start(profile: string): Promise<{ address: number; screen: number }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const begin = performance.now();
  const served = await startServing(profile);
  const address = performance.now() - begin;
  await page.goto(served.address);
  await page.locator('main h1').first().waitFor({ timeout: 0 });
  const screen = performance.now() - begin;
  await context.close();
  await served.end();
  return { address, screen };
}

for (const run of runsOf(5)) {
  const profile = join(folder, `profile-${run}`);
  const first = await start(profile);
  const second = await start(profile);
  if (run < 0) continue;
  samples.address.push(second.address);
  samples.screen.push(first.screen);
  samples.again.push(second.screen);
}
await browser.close();
rmSync(folder, { recursive: true, force: true });

const time = { unit: 'ms', better: 'less' } as const;
report({ ...time, name: 'start to first screen, new profile', samples: samples.screen });
report({ ...time, name: 'start to first screen', samples: samples.again });
report({ ...time, name: 'start to an address that answers', samples: samples.address });
