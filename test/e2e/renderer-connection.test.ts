import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addProcess } from '../support/fake-core/build-process.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';

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
    const back = stage.core.interrupt(4000);
    await page.getByText('The connection to Stemma’s core is lost.').waitFor();
    await page.getByText('Not connected').waitFor();
    expect(await grid.getByRole('link', { name: 'Si bands, PBE' }).count()).toBe(1);
    addProcess(stage.core.world, {
      kind: 'calculation-job',
      className: 'PwCalculation',
      label: 'made in between',
      state: 'running',
      ctime: Date.now(),
    });
    await back;
    await page.getByText('The connection to Stemma’s core is lost.').waitFor({ state: 'detached' });
    await grid.getByRole('link', { name: 'made in between' }).waitFor();
  });

  it('does not show a banner for a loss that is mended at once', async () => {
    const { page } = await stage.page();
    await page.getByRole('grid').getByRole('link').first().waitFor();
    await page.evaluate(`window.seen = 0; new MutationObserver(() => {
      if (document.querySelector('.banner')) window.seen++; }).observe(document.body, { childList: true, subtree: true })`);
    await stage.core.interrupt(50);
    await page.getByText('Engine runs').waitFor();
    await page.waitForTimeout(800);
    expect(await page.evaluate('window.seen')).toBe(0);
  });

  it('says that a command was not done, and what to do', async () => {
    const { page } = await stage.page({ path: '/processes?filter=MgO+cutoff' });
    await page.getByRole('grid').getByRole('link').first().waitFor();
    await page.getByRole('grid').focus();
    const back = stage.core.interrupt(3000);
    await page.getByText('Not connected').waitFor();
    await page.keyboard.press('p');
    await page.getByRole('alert').getByText('The core of Stemma is not connected.').waitFor();
    await back;
    await page.getByText('Engine runs').waitFor();
  });

  it('tries at once when a person asks for it', async () => {
    const { page } = await stage.page();
    // on a slow machine the next try by itself may come first: then once more
    const tryNow = async (): Promise<boolean> => {
      const back = stage.core.interrupt(3500);
      await page.getByText('Next try in').waitFor();
      await back;
      const clicked = await page
        .getByRole('button', { name: 'Try now' })
        .click({ timeout: 2000 })
        .then(
          () => true,
          () => false,
        );
      await page.getByText('Engine runs').waitFor();
      return clicked;
    };
    const clicked: boolean[] = [];
    while (clicked.length < 5 && clicked.at(-1) !== true) clicked.push(await tryNow());
    expect(clicked.at(-1)).toBe(true);
  });
});
