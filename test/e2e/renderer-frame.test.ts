import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasFocus } from '../support/fake-core/dom.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';

describe.skipIf(noBrowser !== null)('the frame of the app', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 400 });
  });
  afterAll(() => stage.close());

  it('takes the token out of the address and is still let in after a reload', async () => {
    const { page } = await stage.page({ path: '' });
    await expect.poll(() => page.url()).not.toContain('token');
    await page.reload();
    await page.getByText('Engine runs').waitFor();
    expect(await page.evaluate('JSON.stringify(history.state)')).not.toContain('token');
  });

  it('says how to get in where the token is missing or wrong', async () => {
    const { page } = await stage.page({ path: '' });
    await page.evaluate('sessionStorage.clear()');
    await page.reload();
    await page.getByRole('heading', { name: 'This page is not allowed to talk to Stemma yet.' }).waitFor();
    await page.evaluate(`location.hash = '#token=wrong'`);
    await page.getByRole('heading', { name: /Stemma was started again/ }).waitFor();
    await page.evaluate(`location.hash = ${JSON.stringify(new URL(stage.core.address).hash)}`);
    await page.getByText('Engine runs').waitFor();
  });

  it('opens the palette by a key, finds a process by its name and goes there; Esc gives the focus back', async () => {
    const { page } = await stage.page();
    const grid = page.getByRole('grid');
    await grid.focus();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => grid.evaluate(hasFocus)).toBe(true);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('si bands');
    await page.getByRole('option', { name: /Si bands, PBE/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Si bands, PBE' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: /Si bands, PBE/ }).waitFor();
  });

  it('narrows the palette to commands, ids, groups and computers by a first character', async () => {
    const { page } = await stage.page();
    const bands = [...stage.core.world.processes].find(({ label }) => label === 'Si bands, PBE');
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Search and commands' });
    await field.fill('#sil');
    await page.getByRole('option', { name: /silicon/ }).waitFor();
    await field.fill('@gran');
    await page.getByRole('option', { name: /granite/ }).waitFor();
    await field.fill(`:${bands?.uuid.slice(0, 8)}`);
    await page.getByRole('option', { name: /Si bands/ }).waitFor();
    await field.fill('>compact');
    await page.getByRole('option', { name: /Density: compact/ }).click();
    await expect.poll(() => page.locator('html').getAttribute('data-density')).toBe('compact');
    await field.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Shift+P');
    await page.keyboard.type('comfortable');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('html').getAttribute('data-density')).toBe('comfortable');
  });

  it('goes by two keys, and waits for the second', async () => {
    const { page } = await stage.page({ path: '/welcome' });
    await page.keyboard.press('g');
    await page.getByText('then…').waitFor();
    await page.keyboard.press('p');
    await page.getByRole('heading', { level: 1, name: 'Processes' }).waitFor();
  });

  it('leaves single letters alone while someone types, and where they are switched off', async () => {
    const { page } = await stage.page();
    await page.getByLabel('Filter the processes').focus();
    await page.keyboard.type('?');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    stage.core.world.settings = { ...stage.core.world.settings, singleKeys: false };
    const { page: quiet } = await stage.page();
    await quiet.keyboard.press('?');
    await quiet.keyboard.press('Control+k');
    await quiet.getByRole('combobox', { name: 'Search and commands' }).waitFor();
    await expect.poll(() => quiet.getByRole('dialog', { name: 'Keys' }).count()).toBe(0);
    stage.core.world.settings = { ...stage.core.world.settings, singleKeys: true };
  });

  it('shows the keys that work here', async () => {
    const { page } = await stage.page();
    await page.getByRole('grid').focus();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys' });
    await sheet.getByText('Filter the processes').waitFor();
    await sheet.getByText('Go to Processes').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('grid').evaluate(hasFocus)).toBe(true);
  });

  it('walks through the regions of the window by F6', async () => {
    const { page } = await stage.page();
    const regions: string[] = [];
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('F6');
      regions.push(String(await page.evaluate('document.activeElement.dataset.region')));
    }
    expect(new Set(regions.slice(0, 3))).toEqual(new Set(['nav', 'main', 'status']));
    expect(regions[3]).toBe(regions[0]);
  });

  it('follows the system’s theme until a person chooses one, and keeps the choice', async () => {
    const { page } = await stage.page({ colorScheme: 'dark' });
    const theme = () => page.locator('html').getAttribute('data-theme');
    expect(await theme()).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(theme).toBe('light');
    await page.getByRole('button', { name: 'Theme and density' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click();
    await expect.poll(theme).toBe('dark');
    expect(stage.core.world.settings.theme).toBe('dark');
    await page.reload();
    await page.getByText('Engine runs').waitFor();
    expect(await theme()).toBe('dark');
    stage.core.world.settings = { ...stage.core.world.settings, theme: 'system' };
  });

  it('goes back and forward by keys, and says so where an address leads nowhere', async () => {
    const { page } = await stage.page({ path: '/welcome' });
    await stage.goTo(page, '/processes');
    await page.keyboard.press('Alt+ArrowLeft');
    await page.getByRole('heading', { level: 1, name: 'Welcome to Stemma' }).waitFor();
    await page.keyboard.press('Alt+ArrowRight');
    await page.getByRole('heading', { level: 1, name: 'Processes' }).waitFor();
    await page.evaluate(`location.hash = '#/nowhere/at/all'`);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Processes' }).click();
    await page.getByRole('grid').waitFor();
  });

  it('says which process is missing, and how to go on', async () => {
    const { page } = await stage.page({ path: '' });
    await page.evaluate(`location.hash = '#/process/00000000-0000-4000-8000-000000000000'`);
    const card = page.getByRole('alert');
    await card.getByText('There is no such node in this profile.').waitFor();
    await card.getByText('00000000-0000-4000-8000-000000000000').waitFor();
    await card.getByRole('link', { name: 'All processes' }).click();
    await page.getByRole('grid').waitFor();
  });

  it('shows the engine, the computers and the counts, which lead to their pages', async () => {
    const { page } = await stage.page();
    const bar = page.getByRole('contentinfo');
    await bar.getByRole('link', { name: /basalt.*needs you/ }).waitFor();
    await bar.getByRole('link', { name: /Failed/ }).click();
    await expect.poll(() => page.url()).toContain('filter=state%3Afailed');
  });

  it('shows a background task with its progress, and cancels it', async () => {
    stage.core.world.tasks.push({
      id: 'import-1',
      title: 'Import of “big.aiida”',
      state: 'running',
      progress: { done: 1_500_000, total: 6_000_000, unit: 'bytes', words: 'files' },
      message: '',
      started: Date.now(),
      ended: null,
    });
    stage.core.world.touch();
    const { page } = await stage.page();
    await page.getByRole('button', { name: 'Import of “big.aiida”' }).click();
    const panel = page.getByRole('dialog', { name: 'Background tasks' });
    await expect.poll(() => panel.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
    await panel.getByText('1.50 MB of 6.00 MB').waitFor();
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => stage.core.world.tasks.at(-1)?.state).toBe('cancelled');
    await panel.getByRole('progressbar').waitFor({ state: 'detached' });
  });

  it('says that it reads from an archive, changes nothing there, and leaves it', async () => {
    stage.core.world.archives.push({
      source: 'archive-9',
      name: 'paper.aiida',
      file: 'file-9',
      opened: Date.now(),
    });
    const { page } = await stage.page({ path: '/processes?source=archive-9&filter=MgO+cutoff' });
    await page.getByText('paper.aiida').waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Launch…' }).count()).toBe(0);
    await page.getByRole('link', { name: 'MgO cutoff 70 Ry' }).click();
    await page.getByRole('heading', { level: 1, name: 'MgO cutoff 70 Ry' }).waitFor();
    await expect.poll(() => page.url()).toContain('source=archive-9');
    await expect.poll(() => page.getByRole('button', { name: 'Kill…' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Back to the profile' }).click();
    await page.getByRole('link', { name: 'Launch…' }).waitFor();
    await expect.poll(() => page.url()).not.toContain('source');
  });

  it('closes a hint for good', async () => {
    const { page } = await stage.page();
    await page.getByRole('button', { name: 'Do not show this hint again' }).click();
    await expect.poll(() => stage.core.world.settings.hintsDismissed).toEqual(['processes-keys']);
    await page.reload();
    await page.getByRole('grid').getByRole('link').first().waitFor();
    await expect.poll(() => page.getByRole('complementary', { name: 'Hint' }).count()).toBe(0);
  });

  it('names the window after the page', async () => {
    const { page } = await stage.page();
    await expect.poll(() => page.title()).toBe('Processes · Stemma');
    await page.getByRole('grid').getByRole('link', { name: 'Si bands, PBE' }).click();
    await expect.poll(() => page.title()).toBe('Si bands, PBE · Stemma');
  });

  it('keeps the bar narrow where a person made it so, with names for those who do not see icons', async () => {
    const { page } = await stage.page();
    await page.getByRole('button', { name: 'Make the bar narrow' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Make the bar wide' }).waitFor();
    const entry = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Processes' });
    expect((await entry.boundingBox())?.width).toBeLessThan(50);
  });
});

describe.skipIf(noBrowser !== null)('a profile with nothing in it', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ isNew: true });
  });
  afterAll(() => stage.close());

  it('begins with ways to begin, and opens the demo project by one click', async () => {
    const { page, complaints } = await stage.page({ path: '' });
    await page.getByRole('heading', { level: 1, name: 'Welcome to Stemma' }).waitFor();
    await page.getByRole('button', { name: 'Open the demo project' }).click();
    await page.getByText('The demo project is open: 299 nodes came in.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Processes' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('says on the empty table what will appear there', async () => {
    const { page } = await stage.page();
    await page.getByRole('heading', { name: 'No process yet' }).waitFor();
    await page.getByRole('link', { name: 'Ways to begin' }).click();
    await page.getByRole('heading', { level: 1, name: 'Welcome to Stemma' }).waitFor();
  });

  it('uploads an archive that a person chooses, and hands it to the archives', async () => {
    const { page } = await stage.page({ path: '/welcome' });
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import an archive…' }).click();
    await (
      await chooser
    ).setFiles({
      name: 'small.aiida',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('not really one'),
    });
    await expect.poll(() => page.url()).toContain('/archives?file=file-1&name=small.aiida');
  });
});
