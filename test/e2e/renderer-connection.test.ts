import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addProcess } from '../support/fake-core/build-process.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';

/** From now on time passes in the page only as the test says. */
async function holdTime(page: Page): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1000);
}

describe.skipIf(noBrowser !== null)('a connection that is lost', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 50 });
  });
  afterAll(() => stage.close());

  it('says so, keeps what was there, and goes on by itself with what happened in between', async () => {
    const { page } = await stage.page();
    const grid = page.getByRole('grid');
    await grid.getByRole('link', { name: 'Si bands, PBE' }).waitFor();
    const goOn = await stage.core.interrupt();
    await page.getByText('The connection to Stemma’s core is lost.').waitFor();
    await page.getByText('Not connected').waitFor();
    await expect.poll(() => grid.getByRole('link', { name: 'Si bands, PBE' }).count()).toBe(1);
    addProcess(stage.core.world, {
      kind: 'calculation-job',
      className: 'PwCalculation',
      label: 'made in between',
      state: 'running',
      ctime: Date.now(),
    });
    await goOn();
    await page.getByText('The connection to Stemma’s core is lost.').waitFor({ state: 'detached' });
    await grid.getByRole('link', { name: 'made in between' }).waitFor();
  });

  it('does not show a banner for a loss that is mended at once', async () => {
    const { page } = await stage.page();
    await page.getByRole('grid').getByRole('link').first().waitFor();
    await page.evaluate(`window.seen = 0; new MutationObserver(() => {
      if (document.querySelector('.banner')) window.seen++; }).observe(document.body, { childList: true, subtree: true })`);
    await holdTime(page);
    const goOn = await stage.core.interrupt();
    await page.getByText('Not connected').waitFor();
    await goOn();
    // the first try comes before a banner would
    await page.clock.runFor(400);
    await page.getByText('Engine runs').waitFor();
    await page.clock.runFor(5000);
    expect(await page.evaluate('window.seen')).toBe(0);
  });

  it('says that a command was not done, and what to do', async () => {
    const { page } = await stage.page({ path: '/processes?filter=MgO+cutoff' });
    await page.getByRole('grid').getByRole('link').first().waitFor();
    await page.getByRole('grid').focus();
    const goOn = await stage.core.interrupt();
    await page.getByText('Not connected').waitFor();
    await page.keyboard.press('p');
    await page.getByRole('alert').getByText('The core of Stemma is not connected.').waitFor();
    await goOn();
    await page.getByText('Engine runs').waitFor();
  });

  it('tries at once when a person asks for it', async () => {
    const { page } = await stage.page();
    await holdTime(page);
    const goOn = await stage.core.interrupt();
    await page.getByText('Not connected').waitFor();
    // beyond the first try, which fails; the next one by itself never comes
    await page.clock.runFor(800);
    await page.getByText('Next try in').waitFor();
    await goOn();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('Engine runs').waitFor();
  });
});
