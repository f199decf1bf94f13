import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, axeInBothThemes } from '../support/axe.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';
import type { FakeNode } from '../support/fake-core/world.ts';

describe.skipIf(noBrowser !== null)('the cache', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 100 });
    ({ page } = await stage.page());
  });
  afterAll(() => stage.close());

  /** Two calculations of one class that finished, the older one first. */
  const pair = (): readonly [FakeNode, FakeNode] => {
    const finished = stage.core.world.processes.filter(
      ({ process }) => process?.kind === 'calculation-job' && process.state === 'finished',
    );
    const later = finished.findLast((node) =>
      finished.some((other) => other.pk < node.pk && other.className === node.className),
    );
    const earlier = finished.find((node) => node.className === later?.className);
    if (later === undefined || earlier === undefined) throw new Error('no two calculations of one class');
    return [earlier, later];
  };

  it('says at a calculation which input differs from the nearest one, with both values', async () => {
    const [, later] = pair();
    await stage.goTo(page, `/process/${later.uuid}?tab=cache`);
    const nearest = page.getByRole('region', { name: 'The nearest earlier calculation' });
    await nearest.getByRole('row', { name: 'SYSTEM.ecutwfc 30.0 40.0' }).waitFor();
    await nearest.getByRole('row', { name: 'SYSTEM.nspin none 2' }).waitFor();
    await page.getByRole('region', { name: 'Why it ran' }).getByText('The nearest differs in').waitFor();
    expect(await axe(page)).toEqual([]);
  });

  it('is kept from being a source, and given back by Undo', async () => {
    const [, later] = pair();
    await stage.goTo(page, `/process/${later.uuid}?tab=cache`);
    await page.getByRole('button', { name: 'Do not use as a source' }).click();
    await page.getByText('It was taken out of the cache').waitFor();
    expect(later.extras['_aiida_valid_cache']).toBe(false);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Equal launches may be answered').waitFor();
    expect(later.extras).not.toHaveProperty('_aiida_valid_cache');
  });

  it('marks a copy on its page and in the table, and leads to its source', async () => {
    const [earlier, later] = pair();
    later.extras['_aiida_cached_from'] = earlier.uuid;
    stage.core.world.touch();
    await stage.goTo(page, '/processes');
    await page.getByText('from the cache', { exact: true }).first().waitFor();
    await stage.goTo(page, `/process/${later.uuid}?tab=cache`);
    await page.getByText('From the cache', { exact: true }).waitFor();
    await page.getByText('That one took 1:30:00').waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    await page.getByRole('region', { name: 'Where it came from' }).getByRole('link').click();
    await expect.poll(() => page.url()).toContain(earlier.uuid);
    delete later.extras['_aiida_cached_from'];
  });

  it('is switched on for types in the settings, which say what that means', async () => {
    await stage.goTo(page, '/settings');
    const table = page.getByRole('table', { name: 'What the settings mean' });
    const add = table.getByRole('row', { name: /core\.arithmetic\.add/ });
    await add.getByText('always runs').waitFor();
    await page.getByLabel('Always for these types').fill('two words');
    await page.getByText('has a blank in it').waitFor();
    await page.getByLabel('Always for these types').fill('*arithmetic*');
    await page.keyboard.press('Tab');
    await add.getByText('taken from the cache').waitFor();
    expect(stage.core.world.settings.caching.enabledFor).toEqual(['*arithmetic*']);
    await page.getByRole('switch', { name: 'Look for equal calculations of every type' }).check();
    await expect.poll(() => stage.core.world.settings.caching.enabled).toBe(true);
    expect(await axe(page)).toEqual([]);
  });
});
