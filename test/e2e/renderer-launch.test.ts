import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';

describe.skipIf(noBrowser !== null)('launching', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 50 });
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    stage.core.world.launched.length = 0;
  });

  const form = (page: Page) => page.getByRole('form');
  const preview = (page: Page) => page.getByRole('region', { name: 'Preview' });
  const field = (page: Page, name: string) => form(page).getByLabel(name, { exact: true });
  const problems = (page: Page) => preview(page).getByRole('list', { name: 'To complete' });
  const ready = (page: Page) => preview(page).getByText('This is what will be submitted').waitFor();
  const launched = () => stage.core.world.launched;

  /** The name of the field that has the focus. */
  const focused = (page: Page): Promise<string> =>
    page.evaluate(`document.activeElement?.labels?.[0]?.textContent ?? ''`);

  async function choose(page: Page, name: string, option: string | RegExp): Promise<void> {
    await field(page, name).click();
    await page.getByRole('option', { name: option }).first().click();
  }

  it('shows what there is, finds it by words, and opens it by the keyboard alone', async () => {
    const { page, complaints } = await stage.page({ path: '/processes' });
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.getByRole('heading', { level: 1, name: 'Launch' }).waitFor();
    const list = page.getByRole('list', { name: 'What can be launched' });
    await expect.poll(() => list.getByRole('link').count()).toBe(4);
    await page.keyboard.press('/');
    await page.keyboard.type('bands');
    await page.getByText('1 process', { exact: true }).waitFor();
    expect(await list.getByRole('link').allTextContents()).toEqual([
      expect.stringContaining('quantumespresso.pw'),
    ]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'quantumespresso.pw' }).waitFor();
    await page.goBack();
    await page.getByText('1 process', { exact: true }).waitFor();
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await page.getByText('4 processes', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('has a command for each plugin', async () => {
    const { page } = await stage.page();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('launch multiply');
    await page.getByRole('option', { name: 'Launch core.arithmetic.multiply_add' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'core.arithmetic.multiply_add' }).waitFor();
  });

  it('says in words what is missing and wrong, submits no nonsense, then shows the exact script', async () => {
    const { page, complaints } = await stage.page({ path: '/launch/core.arithmetic.add' });
    await problems(page).getByText('x', { exact: true }).waitFor();
    // The only code was made for another plugin.
    await problems(page).getByText('code', { exact: true }).waitFor();
    await choose(page, 'code', /@granite/);
    // Nobody is told off before they have written anything.
    await expect.poll(() => form(page).getByText('Required.').count()).toBe(0);
    await field(page, 'x').fill('three');
    await page.keyboard.press('Control+Enter');
    await form(page).getByText('Must be a number.').waitFor();
    await form(page).getByText('Required.').first().waitFor();
    expect(launched()).toEqual([]);
    await problems(page).getByRole('button', { name: /^y/ }).click();
    await page.keyboard.type('4.0');
    await field(page, 'x').fill('3');
    await field(page, 'Queue').fill('a b');
    await problems(page).getByText('Must have letters, digits').waitFor();
    await field(page, 'Queue').fill('normal');
    await ready(page);
    await preview(page).getByText('#!/bin/bash').waitFor();
    await preview(page)
      .getByRole('button', { name: /^aiida\.in/ })
      .click();
    await preview(page).getByText('echo $((2 + 3))').waitFor();
    await preview(page)
      .getByRole('button', { name: /^charge-density/ })
      .click();
    await preview(page).getByText('Not shown here').waitFor();
    await preview(page).getByRole('tab', { name: 'Where and what' }).click();
    await preview(page).getByText('Float 4 (new)').waitFor();
    expect(complaints).toEqual([]);
  });

  it('launches by the keyboard what was shown, once, and goes to the process', async () => {
    const { page } = await stage.page({ path: '/launch/core.arithmetic.add' });
    await choose(page, 'code', /@granite/);
    await field(page, 'x').fill('3');
    await field(page, 'y').fill('4');
    await field(page, 'Label').fill('a sum');
    await field(page, 'Walltime').fill('90 min');
    await ready(page);
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { level: 1, name: 'a sum' }).waitFor();
    await page.getByText('Launched “a sum”.').waitFor();
    expect(launched()).toHaveLength(1);
    expect(launched()[0]).toMatchObject({
      plugin: 'core.arithmetic.add',
      label: 'a sum',
      inputs: {
        x: { kind: 'value', type: 'int', value: 3 },
        y: { kind: 'value', type: 'int', value: 4 },
        code: { kind: 'node' },
      },
      options: { max_wallclock_seconds: 5400, resources: { num_machines: 1 } },
    });
    // What was launched is no draft any more.
    await page.goBack();
    await expect.poll(() => field(page, 'Label').inputValue()).toBe('');
  });

  it('makes a field for every kind of port', async () => {
    const { page } = await stage.page({ path: '/launch/quantumespresso.pw' });
    await choose(page, 'structure', /Si2/);
    await field(page, 'parameters').fill('{"SYSTEM": {"ecutwfc": 30.0}}');
    await field(page, 'ecut').fill('5');
    await problems(page).getByText('Must be at least 10 Ry.').waitFor();
    await field(page, 'ecut').fill('30');
    await choose(page, 'smearing', 'fermi');
    await field(page, 'prefix').fill('Silicon');
    await problems(page).getByText('Must be lower-case letters.').waitFor();
    await field(page, 'prefix').fill('si');
    await form(page).getByRole('radiogroup', { name: 'spin' }).getByText('No').click();
    await field(page, 'kpath').fill('G\nX');
    await form(page).getByText('Read as ["G", "X"]').waitFor();
    const settings = form(page).getByRole('group', { name: 'settings' });
    await expect.poll(() => settings.getByLabel('retries', { exact: true }).inputValue()).toBe('3');

    const pseudos = form(page).getByRole('group', { name: 'pseudos' });
    await pseudos.getByRole('button', { name: 'Add an input' }).click();
    await page.keyboard.type('Si');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      pseudos.getByRole('button', { name: 'Choose a file for Si…' }).click(),
    ]);
    await chooser.setFiles({ name: 'Si.upf', mimeType: 'text/plain', buffer: Buffer.from('<UPF>') });
    await pseudos.getByText('Si.upf').waitFor();

    await ready(page);
    await page.getByRole('button', { name: /^Launch/ }).click();
    await page.getByRole('heading', { level: 1, name: 'PwCalculation' }).waitFor();
    expect(launched()[0]?.inputs).toMatchObject({
      structure: { kind: 'node' },
      parameters: { kind: 'json', text: '{"SYSTEM": {"ecutwfc": 30.0}}' },
      ecut: { kind: 'value', type: 'float', value: 30 },
      smearing: { kind: 'value', type: 'str', value: 'fermi' },
      prefix: { kind: 'value', type: 'str', value: 'si' },
      spin: { kind: 'value', type: 'bool', value: false },
      kpath: { kind: 'json', text: '["G", "X"]' },
      settings__retries: { kind: 'value', type: 'int', value: 3 },
      pseudos__Si: { kind: 'chosen', as: 'file', files: [expect.any(String)] },
    });
  });

  it('has the fields of a job for options that are an input, by the keyboard alone', async () => {
    const { page, complaints } = await stage.page({ path: '/launch/core.shell.restart' });
    const options = form(page).getByRole('group', { name: 'options', exact: true });
    await choose(page, 'code', /@granite/);
    await field(page, 'arguments').fill('-c true');
    await options.getByLabel('Machines', { exact: true }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('2');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('90 mins');
    await page.keyboard.press('Tab');
    await page.keyboard.type('4 GB');
    await page.keyboard.press('Tab');
    await page.keyboard.type('a b');
    await page.keyboard.press('Tab');
    await page.keyboard.type('physics');
    // what the form finds and what the core finds, each at its field
    await options.getByText(/^Write hours, minutes and seconds/).waitFor();
    await options.getByText('Must have letters, digits').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('2 things to complete').first().waitFor();
    await expect.poll(() => focused(page)).toBe('Walltime');
    expect(launched()).toEqual([]);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('90 min');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('normal');
    await preview(page).getByText('Ready to launch').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { level: 1, name: 'ShellRestartWorkChain' }).waitFor();
    expect(launched()).toHaveLength(1);
    const [{ inputs: { options: given } = {} } = {}] = launched();
    expect(given?.kind === 'json' ? JSON.parse(given.text) : given).toEqual({
      resources: { num_machines: 2 },
      max_wallclock_seconds: 5400,
      max_memory_kb: 4_194_304,
      queue_name: 'normal',
      account: 'physics',
    });
    expect(complaints).toEqual([]);
  });

  it('takes an existing node, found by the beginning of its UUID, and writes its value anew', async () => {
    const { page } = await stage.page({ path: '/launch/quantumespresso.pw' });
    await form(page).getByRole('button', { name: 'Use an existing node for parameters' }).click();
    const dict = [...stage.core.world.nodes.values()].find(({ summary }) => summary === '3 keys');
    await field(page, 'parameters').fill(dict?.uuid.slice(0, 8) ?? '');
    await page
      .getByRole('option', { name: /Dict: 3 keys/ })
      .first()
      .click();
    await form(page).getByRole('link', { name: 'Show the node Dict: 3 keys' }).waitFor();
    await form(page).getByRole('button', { name: 'Write a new value for parameters' }).click();
    await expect.poll(() => field(page, 'parameters').inputValue()).toContain('"ecutwfc": 30');
  });

  it('keeps what was written when the page is left, and starts over with a way back', async () => {
    const { page } = await stage.page({ path: '/launch/core.arithmetic.add' });
    await field(page, 'x').fill('12');
    await form(page).getByText('More options').click();
    await field(page, 'Before the command').fill('module load gcc');
    await stage.goTo(page, '/processes');
    await page.reload();
    await page.getByText('Engine runs').waitFor();
    await stage.goTo(page, '/launch/core.arithmetic.add');
    await expect.poll(() => field(page, 'x').inputValue()).toBe('12');
    await form(page).getByText('1 set').waitFor();
    await page.getByRole('button', { name: 'Start over' }).click();
    await expect.poll(() => field(page, 'x').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => field(page, 'x').inputValue()).toBe('12');
  });

  it('opens the fold of what is wrong behind it', async () => {
    const { page } = await stage.page({ path: '/launch/core.arithmetic.add' });
    await field(page, 'x').fill('1');
    await field(page, 'y').fill('1');
    await form(page).getByText('More options').click();
    await field(page, 'Priority').fill('a b');
    await form(page).getByText('More options').click();
    await problems(page)
      .getByRole('button', { name: /^Priority/ })
      .click();
    expect(
      await field(page, 'Priority').evaluate((input) => input.ownerDocument.activeElement === input),
    ).toBe(true);
    await page.keyboard.press('Control+Enter');
    await form(page).getByText('Must have letters, digits').waitFor();
    expect(launched()).toEqual([]);
  });

  it('fills the form of a process that is launched again', async () => {
    const job = stage.core.world.processes.find(({ label }) => label.startsWith('SrTiO3 phonons'));
    const { page } = await stage.page({ path: `/launch?from=${job?.uuid ?? ''}` });
    await page.getByRole('heading', { level: 1, name: 'quantumespresso.pw' }).waitFor();
    await page.getByText('its inputs are used again as they are stored').waitFor();
    await expect.poll(() => field(page, 'structure').inputValue()).toContain('Si2');
    await expect.poll(() => field(page, 'Walltime').inputValue()).toBe('6:00:00');
    await ready(page);
  });

  it('says that a process cannot be launched again where its plugin is missing', async () => {
    const { page } = await stage.page({ path: '/launch' });
    const data = [...stage.core.world.nodes.values()].find(({ process }) => process === null);
    await stage.goTo(page, `/launch?from=${data?.uuid ?? ''}`);
    await page.getByRole('alert').getByText('cannot be launched again').waitFor();
  });

  it('tells an address that leads nowhere', async () => {
    const { page } = await stage.page({ path: '/launch/no.such.plugin' });
    await page.getByText('There is no process “no.such.plugin” here').waitFor();
  });
});
