import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasFocus } from '../support/fake-core/dom.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';

describe.skipIf(noBrowser !== null)('computers, codes and the queue', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 50 });
  });
  afterAll(() => stage.close());

  const computerCalled = (label: string) => {
    const found = stage.core.world.computers.find(({ config }) => config.label === label);
    if (found === undefined) throw new Error(`no computer “${label}”`);
    return found;
  };
  const test = (page: Page) => page.getByRole('region', { name: 'Test', exact: true });
  const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

  async function openForm(host: string, label: string): Promise<Page> {
    const { page } = await stage.page({ path: '/computers/new' });
    await field(page, 'Label').fill(label);
    await field(page, 'Host').fill(host);
    await field(page, 'User').fill('ada');
    return page;
  }

  it('lists the computers with a word for each connection, and counts those that need a person', async () => {
    const { page, complaints } = await stage.page({ path: '/processes' });
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    const table = page.getByRole('grid', { name: 'Computers' });
    await table.getByRole('row', { name: /basalt Needs you/ }).waitFor();
    await table.getByRole('row', { name: /granite Connected .* SSH Slurm/ }).waitFor();
    await table.getByRole('row', { name: /localhost Connected localhost this machine/ }).waitFor();
    await page.getByRole('link', { name: 'Computers needs you: 1' }).waitFor();
    await table.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'granite' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('fills the form from ~/.ssh/config, tests it step by step, adds it, and comes to its page', async () => {
    const { page, complaints } = await stage.page({ path: '/computers/new' });
    await field(page, 'From ~/.ssh/config').click();
    await page.getByRole('option', { name: /basalt/ }).click();
    await page.getByText('stands for ada@basalt.example.org').waitFor();
    await page.getByText('ProxyCommand is not run').waitFor();
    await expect.poll(() => field(page, 'Host').inputValue()).toBe('basalt.example.org');
    await expect.poll(() => field(page, 'Jump host 1').inputValue()).toBe('gate.example.org');
    // There is one with that label: said at the field, which gets the focus, and nothing is tested.
    await test(page).getByRole('button', { name: 'Test' }).click();
    await page.getByText('There is a computer called “basalt” already.').waitFor();
    await expect.poll(() => field(page, 'Label').evaluate(hasFocus)).toBe(true);
    await field(page, 'Label').fill('noisy');
    await page.keyboard.press('Control+Enter');
    await test(page).getByRole('button', { name: 'Cancel the test' }).waitFor();
    await test(page).getByText('It works, with a warning.').waitFor();
    const noise = test(page).getByRole('listitem').filter({ hasText: 'Clean shell output' });
    await noise.getByText('Output', { exact: true }).click();
    await noise.getByText('Quota: 81 %').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByRole('heading', { level: 1, name: 'noisy' }).waitFor();
    await page.getByText('noisy is added.').waitFor();
    expect(computerCalled('noisy').config.mpirunCommand).toEqual(['srun', '-n', '{tot_num_mpiprocs}']);
    expect(complaints).toEqual([]);
  });

  it('asks for the host key with its fingerprint; after a no nothing goes on, after a yes it does', async () => {
    const page = await openForm('new.example.org', 'rock');
    await test(page).getByRole('button', { name: 'Test' }).click();
    const card = page.getByRole('region', { name: 'Host key of new.example.org' });
    await card.getByText('ssh-ed25519').waitFor();
    await card.getByText(/^SHA256:/).waitFor();
    await card.getByRole('button', { name: 'Refuse' }).click();
    await test(page).getByText('You said no, so nothing more was sent.').waitFor();
    await card.waitFor({ state: 'detached' });
    await test(page).getByRole('button', { name: 'Run again' }).click();
    await card.getByRole('button', { name: 'Accept' }).click();
    await test(page).getByText('Everything works.').waitFor();
  });

  it('stops at a changed host key with a severe card, and forgets the old one only after a second look', async () => {
    const page = await openForm('changed.example.org', 'shifty');
    await test(page).getByRole('button', { name: 'Test' }).click();
    const card = page.getByRole('alert', { name: 'The host key of changed.example.org has changed' });
    await card.getByText('Another machine may be posing as this one.').waitFor();
    await card.getByText('~/.ssh/known_hosts, line 7').waitFor();
    await card.getByRole('button', { name: 'Forget the known key…' }).click();
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.getByRole('button', { name: 'Forget it' }).isDisabled()).toBe(true);
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: 'Forget it' }).click();
    await page.getByRole('region', { name: 'Host key of changed.example.org' }).waitFor();
  });

  it('asks for a password, again where it was wrong, and never shows it', async () => {
    const page = await openForm('locked.example.org', 'locked');
    await field(page, 'Log in with').click();
    await page.getByRole('option', { name: 'A password' }).click();
    await test(page).getByRole('button', { name: 'Test' }).click();
    const form = page.getByRole('form', { name: 'Sign in to ada@locked.example.org' });
    await form.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await form.getByText('did not accept the password').waitFor();
    await expect.poll(() => form.getByLabel('Password').inputValue()).toBe('');
    await expect.poll(() => form.getByLabel('Password').getAttribute('type')).toBe('password');
    await form.getByLabel('Password').fill('right');
    await form.getByRole('button', { name: 'Sign in' }).click();
    await test(page).getByText('Everything works.').waitFor();
  });

  it('shows where a test failed and what to do, and runs again after a change', async () => {
    const page = await openForm('nowhere.example.org', 'nowhere');
    await test(page).getByRole('button', { name: 'Test' }).click();
    await test(page).getByText('The test failed at: find the host.').waitFor();
    await test(page).getByText('Look for a typing mistake').waitFor();
    await test(page).getByText('getaddrinfo ENOTFOUND').waitFor();
    await field(page, 'Host').fill('somewhere.example.org');
    await test(page).getByText('The form has changed since').waitFor();
    await test(page).getByRole('button', { name: 'Run again' }).click();
    await test(page).getByRole('button', { name: 'Cancel the test' }).click();
    await test(page).getByText('The test was stopped.').waitFor();
  });

  it('says at each field what is wrong with nonsense, opens the section it is in, and sends nothing', async () => {
    const { page } = await stage.page({ path: '/computers/new' });
    const before = stage.core.world.computers.length;
    await field(page, 'Host').fill('ssh://x');
    await page.getByText('MPI and resources').click();
    await field(page, 'Mpirun command').fill('srun {nonsense}');
    await page.getByText('MPI and resources').click();
    await field(page, 'Work directory').fill('~/work');
    await field(page, 'Port').fill('many');
    await page.getByRole('button', { name: /^Add computer/ }).click();
    await page.getByText('Only the host name, without “ssh://”').waitFor();
    await page.getByText('A whole number from 1 to 65535').waitFor();
    await page.getByText('{nonsense} is not filled in.').waitFor();
    await page.getByText('Write {home} instead of ~.').waitFor();
    await expect.poll(() => field(page, 'Label').getAttribute('aria-invalid')).toBe('true');
    expect(stage.core.world.computers).toHaveLength(before);
  });

  it('asks before a form with something in it is left, by a link, by Back, and not after it was saved', async () => {
    const { page } = await stage.page({ path: '/computers' });
    await page.getByRole('link', { name: 'Add computer' }).click();
    await field(page, 'Label').fill('half');
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await page.getByRole('link', { name: 'Processes', exact: true }).click();
    await dialog.getByRole('button', { name: 'Stay here' }).click();
    await expect.poll(() => field(page, 'Label').inputValue()).toBe('half');
    await page.goBack();
    await dialog.getByRole('button', { name: 'Stay here' }).click();
    await expect.poll(() => page.url()).toContain('/computers/new');
    await page.goBack();
    await dialog.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { level: 1, name: 'Computers' }).waitFor();
    await page.goForward();
    await page.getByRole('heading', { level: 1, name: 'Add a computer' }).waitFor();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('heading', { level: 1, name: 'Computers' }).waitFor();
  });

  it('edits, duplicates, pauses with Undo, disables, and removes what nothing refers to', async () => {
    const granite = computerCalled('granite');
    const { page } = await stage.page({ path: `/computer/${granite.uuid}` });
    await page.getByRole('link', { name: 'Edit' }).click();
    await expect.poll(() => field(page, 'Host').inputValue()).toBe('granite.example.org');
    await page.getByText('MPI and resources').click();
    await field(page, 'Memory per machine').fill('64');
    await page.getByRole('button', { name: /^Save/ }).click();
    await page.getByText('The settings of granite are saved.').waitFor();
    expect(computerCalled('granite').config.defaultMemoryPerMachine).toBe(64 * 1024 * 1024);
    await page.getByText('64 GiB').waitFor();

    const choose = async (name: string) => {
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name }).click();
    };
    await choose('Pause');
    const main = page.getByRole('main');
    await main.getByText('Paused', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await main.getByText('Paused', { exact: true }).waitFor({ state: 'detached' });
    await choose('Remove…');
    await page.getByRole('dialog', { name: 'granite cannot be removed' }).waitFor();
    await page.getByRole('button', { name: 'Keep it' }).click();

    await choose('Duplicate…');
    await page.getByRole('heading', { level: 1, name: 'Add a computer' }).waitFor();
    await expect.poll(() => field(page, 'Label').inputValue()).toBe('granite-2');
    await page.getByRole('button', { name: /^Add computer/ }).click();
    await page.getByRole('heading', { level: 1, name: 'granite-2' }).waitFor();
    await choose('Disable');
    await page.getByText('Disabled', { exact: true }).waitFor();
    await choose('Remove…');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Computers' }).waitFor();
    await expect
      .poll(() => stage.core.world.computers.some(({ config }) => config.label === 'granite-2'))
      .toBe(false);
  });

  it('adds a code after a test of its executable, edits its label, hides it and shows it again', async () => {
    const local = computerCalled('localhost');
    const { page } = await stage.page({ path: `/computer/${local.uuid}` });
    const codes = page.getByRole('region', { name: 'Codes' });
    await codes.getByRole('button', { name: 'Add code' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a code' });
    await dialog.getByLabel('Label').fill('my bash');
    await dialog.getByLabel('Executable').fill('bin/missing');
    await dialog.getByRole('button', { name: 'Add code' }).click();
    await dialog.getByText('No blanks and no “@”').waitFor();
    await dialog.getByText('An absolute path').waitFor();
    await dialog.getByLabel('Label').fill('bash');
    await dialog.getByLabel('Executable').fill('/bin/missing');
    await dialog.getByRole('button', { name: 'Test' }).click();
    await dialog.getByText('/bin/missing does not exist.').waitFor();
    await dialog.getByLabel('Executable').fill('/bin/bash');
    await dialog.getByText('/bin/missing does not exist.').waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Test' }).click();
    await dialog.getByText('/bin/bash exists and can be run.').waitFor();
    // Esc asks before it throws away.
    await page.keyboard.press('Escape');
    await dialog.getByText('Discard what you have typed?').waitFor();
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByRole('button', { name: 'Add code' }).click();
    const row = codes.getByRole('row', { name: /^bash \/bin\/bash/ });
    await row.waitFor();

    await codes.getByRole('button', { name: 'Edit bash' }).click();
    const edit = page.getByRole('dialog', { name: /^Edit the code/ });
    await expect.poll(() => edit.getByLabel('Executable').isDisabled()).toBe(true);
    await edit.getByLabel('Label').fill('bash-5');
    await edit.getByRole('button', { name: 'Save code' }).click();
    await codes.getByRole('row', { name: /^bash-5/ }).waitFor();
    await codes.getByRole('button', { name: 'Test bash-5' }).click();
    await codes.getByText('/bin/bash exists and can be run.').waitFor();
    await codes.getByRole('button', { name: 'Hide bash-5' }).click();
    await codes.getByText('Every code here is hidden').waitFor();
    await codes.getByRole('button', { name: 'Show 1 code' }).click();
    await codes.getByRole('button', { name: 'Show bash-5' }).click();
    await expect.poll(() => stage.core.world.codes.some(({ hidden }) => hidden)).toBe(false);
  });

  it('opens the form of a code from the palette, with a choice of the computer', async () => {
    const { page } = await stage.page({ path: '/processes' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('add a code');
    await page.getByRole('option', { name: /Add a code…/ }).waitFor();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Add a code' });
    await dialog.getByLabel('Computer', { exact: true }).click();
    await page.getByRole('option', { name: /granite/ }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('signs in where a connection waits for a person, from the queue by one link', async () => {
    const { page } = await stage.page({ path: '/queue' });
    const card = page.getByRole('region', { name: 'basalt', exact: true });
    await card.getByText('Needs you').waitFor();
    await card.getByRole('link', { name: 'Sign in…' }).click();
    const form = page.getByRole('form', { name: 'Sign in to ada@basalt.example.org' });
    await form.getByLabel('Password').fill('right');
    await form.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Connected', { exact: true }).first().waitFor();
    await form.waitFor({ state: 'detached' });
  });

  it('shows the queue of each computer: next look, jobs, failures in words; and pauses one', async () => {
    const granite = computerCalled('granite');
    Object.assign(granite, {
      problem: {
        family: 'operational',
        code: 'scheduler-failed',
        message: 'squeue did not answer.',
        hint: 'It is asked again by itself.',
        details: 'slurm_load_jobs error: Unable to contact slurm controller',
      },
    });
    stage.core.world.touch();
    const { page, complaints } = await stage.page({ path: '/processes' });
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    const card = page.getByRole('region', { name: 'granite', exact: true });
    await card.getByText(/next look at the queue in 00:0\d/).waitFor();
    await card.getByText('The last look at the queue failed: squeue did not answer.').waitFor();
    await card.getByText('Details').click();
    await card.getByText('Unable to contact slurm controller').waitFor();
    await card.getByText('MgO cutoff 60 Ry').waitFor();
    await card.getByText('Priority').first().waitFor();
    await expect
      .poll(() => card.getByRole('list', { name: 'Jobs by step' }).textContent())
      .toContain('2 running');
    await card.getByRole('button', { name: 'Pause granite' }).click();
    await card.getByText('Paused', { exact: true }).waitFor();
    await card.getByRole('button', { name: 'Resume granite' }).click();
    await card.getByText('Connected', { exact: true }).waitFor();
    await card.getByRole('button', { name: 'Look now at granite' }).click();
    await card.getByRole('link', { name: 'MgO cutoff 60 Ry' }).click();
    await page.getByRole('heading', { level: 1, name: 'MgO cutoff 60 Ry' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
