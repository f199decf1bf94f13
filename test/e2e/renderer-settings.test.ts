import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';

describe.skipIf(noBrowser !== null)('settings and diagnostics', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 50 });
  });
  afterAll(() => stage.close());
  afterEach(() => {
    stage.core.world.problems.length = 0;
  });

  it('change the look at once and for the profile', async () => {
    const { page, complaints } = await stage.page({ path: '/settings' });
    const root = page.locator('html');
    await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click();
    await expect.poll(() => root.getAttribute('data-theme')).toBe('dark');
    await page.getByRole('radiogroup', { name: 'Density' }).getByText('Compact').click();
    await expect.poll(() => root.getAttribute('data-density')).toBe('compact');
    await expect.poll(() => stage.core.world.settings).toMatchObject({ theme: 'dark', density: 'compact' });
    await page.getByRole('radiogroup', { name: 'Theme' }).getByText('As the system').click();
    await page.getByRole('radiogroup', { name: 'Density' }).getByText('Comfortable').click();
    expect(complaints).toEqual([]);
  });

  it('switch single letters off and on', async () => {
    const { page } = await stage.page({ path: '/settings' });
    const keys = page.getByRole('switch', { name: 'Single letters are keys' });
    await keys.uncheck();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await expect.poll(() => page.getByRole('heading', { level: 1, name: 'Settings' }).count()).toBe(1);
    await keys.check();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { level: 1, name: 'Processes' }).waitFor();
  });

  it('bring closed hints back', async () => {
    const { page } = await stage.page();
    await page.getByRole('complementary', { name: 'Hint' }).getByRole('button').click();
    await stage.goTo(page, '/settings');
    await page.getByText('You have closed 1 hint.').waitFor();
    await page.getByRole('button', { name: 'Show them again' }).click();
    await page.getByText('You have closed none of them.').waitFor();
    await stage.goTo(page, '/processes');
    await page.getByRole('complementary', { name: 'Hint' }).waitFor();
  });

  it('save who the author is, and only what can be one', async () => {
    const { page } = await stage.page({ path: '/settings' });
    const you = page.getByRole('form', { name: 'You' });
    const save = you.getByRole('button', { name: 'Save' });
    await expect.poll(() => save.isDisabled()).toBe(true);
    await you.getByLabel('E-mail', { exact: true }).fill('nobody');
    await you.getByText('An e-mail address, such as').waitFor();
    await expect.poll(() => save.isDisabled()).toBe(true);
    await you.getByRole('button', { name: 'Undo the changes' }).click();
    await you.getByLabel('Last name', { exact: true }).fill('Byron');
    await page.keyboard.press('Enter');
    await page.getByText('Your name is saved.').waitFor();
    await page.reload();
    await expect.poll(() => you.getByLabel('Last name', { exact: true }).inputValue()).toBe('Byron');
  });

  it('show health and sizes, and check the profile with progress and a cancel', async () => {
    const { page, complaints } = await stage.page({ path: '/diagnostics' });
    await page.getByRole('region', { name: 'Health' }).getByText('99 of 100 below 2.1 ms').waitFor();
    await page.getByRole('region', { name: 'Profile', exact: true }).getByText('41.0 MB').waitFor();
    const check = page.getByRole('region', { name: 'Check of the profile' });
    stage.core.world.holdsCheck = true;
    await check.getByRole('button', { name: 'Check, reading every file' }).click();
    await check.getByRole('progressbar', { name: 'Check of the profile' }).waitFor();
    await check.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => check.getByRole('progressbar').count()).toBe(0);
    stage.core.world.holdsCheck = false;
    await expect.poll(() => check.getByText('Nothing is wrong').count()).toBe(0);

    await check.getByRole('button', { name: 'Check the profile' }).click();
    // It goes on while another page is looked at.
    await stage.goTo(page, '/processes');
    await stage.goTo(page, '/diagnostics');
    await check.getByText('Nothing is wrong.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('say findings in words and put them into a report without names', async () => {
    stage.core.world.problems.push({
      code: 'object-missing',
      subject: 'c0ffee',
      message: 'A node names this file and it is not there.',
    });
    const { page } = await stage.page({ path: '/diagnostics' });
    await page.getByRole('button', { name: 'Check the profile' }).click();
    await page.getByText('1 thing was found.').waitFor();
    const findings = page.getByRole('list', { name: 'Findings' });
    await findings.getByText('A file is missing').waitFor();
    await page.getByText('make a copy of its folder').waitFor();
    await page.getByRole('button', { name: 'Copy a report' }).click();
    await page.getByText('The report is in the clipboard.').waitFor();
    const text = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(text).toContain('Stemma 0.1.0');
    expect(text).toContain('object-missing  c0ffee');
    for (const name of ['ada@example.org', '/home/ada', 'granite', 'basalt'])
      expect(text).not.toContain(name);
  });

  it('filter the log', async () => {
    const { page } = await stage.page({ path: '/diagnostics' });
    const log = page.getByRole('region', { name: 'Log' }).first();
    await log.getByText('a fake core began').first().waitFor();
    await log.getByRole('radiogroup', { name: 'Lines of the log' }).getByText('Warnings and errors').click();
    await log.getByText('No warnings and no errors').waitFor();
  });
});
