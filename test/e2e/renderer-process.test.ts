import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe } from '../support/axe.ts';
import { jobTimeline } from '../support/fake-core/build-process.ts';
import { hasFocus } from '../support/fake-core/dom.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';

describe.skipIf(noBrowser !== null)('the page of a process', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 200 });
  });
  afterAll(() => stage.close());

  const processCalled = (label: string) => {
    const found = stage.core.world.processes.find((node) => node.label === label);
    if (found === undefined) throw new Error(`no process “${label}”`);
    return found;
  };

  async function openProcess(label: string, query = ''): Promise<Page> {
    const { page } = await stage.page({ path: `/process/${processCalled(label).uuid}${query}` });
    await page.getByRole('heading', { level: 1, name: label }).waitFor();
    return page;
  }

  const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name });

  it('leads a failure with its reason, the lines that say most, and what can be done', async () => {
    const page = await openProcess('SrTiO3 phonons, supercell 3×3×3');
    const card = page.getByRole('region', { name: 'The job ran out of walltime after 6:00:00.' });
    await card.getByText('120 ERROR_SCHEDULER_OUT_OF_WALLTIME').waitFor();
    await card.getByText('DUE TO TIME LIMIT').waitFor();
    await card.getByRole('button', { name: 'Copy report' }).click();
    const report = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(report).toContain('DUE TO TIME LIMIT');
    expect(report).toContain(processCalled('SrTiO3 phonons, supercell 3×3×3').uuid);
    await card.getByRole('button', { name: 'Launch again…' }).click();
    await expect.poll(() => page.url()).toMatch(/\/launch\/.+\?from=/);
  });

  it('says what a job waits for, with a time that ticks, and moves on by itself', async () => {
    const page = await openProcess('MgO cutoff 60 Ry');
    await page.getByRole('heading', { name: /waits in the queue of granite/ }).waitFor();
    const lead = page.locator('.now');
    const before = await lead.textContent();
    expect(before).toMatch(/in queue \d\d:\d\d.*· Priority/);
    await expect.poll(() => lead.textContent()).not.toBe(before);
    const node = processCalled('MgO cutoff 60 Ry');
    stage.core.world.setState(node, 'waiting', { step: 'run', words: 'running', since: Date.now() });
    if (node.process !== null) {
      node.process.steps = jobTimeline(Date.now() - 300_000, 'run');
      node.process.explanation = null;
    }
    stage.core.world.touch();
    await lead.getByText('running').waitFor();
    await page.getByRole('heading', { name: /waits in the queue/ }).waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('[aria-current="step"]').textContent()).toContain('Run: going on');
  });

  it('opens the tab that a person most likely came for, and keeps another one in the address', async () => {
    const page = await openProcess('Si bands, PBE');
    await expect.poll(() => tab(page, /Called/).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('2');
    await page.getByRole('grid', { name: 'Inputs' }).getByRole('link', { name: 'structure' }).waitFor();
    await expect.poll(() => page.url()).toContain('tab=inputs');
    await page.reload();
    await page.getByRole('grid', { name: 'Inputs' }).waitFor();
    await tab(page, /Inputs/).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => tab(page, /Outputs/).getAttribute('aria-selected')).toBe('true');
  });

  it('opens what a workflow called as a tree, by keys only, down to a job and back to the caller', async () => {
    const page = await openProcess('Si bands, PBE');
    const tree = page.getByRole('tree', { name: 'Called processes' });
    await tree.focus();
    await expect.poll(() => tree.evaluate(hasFocus)).toBe(true);
    await page.keyboard.press('ArrowRight');
    await tree.getByRole('treeitem', { level: 2 }).waitFor();
    await expect
      .poll(() => tree.getByRole('treeitem', { name: /relax/ }).first().getAttribute('aria-expanded'))
      .toBe('true');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'PwCalculation' }).waitFor();
    await page
      .getByRole('navigation', { name: 'Path' })
      .getByRole('link', { name: 'PwRelaxWorkChain' })
      .waitFor();
    await page.keyboard.press('Backspace');
    await page.getByRole('heading', { level: 1, name: 'PwRelaxWorkChain' }).waitFor();
  });

  it('closes a branch by ArrowLeft and finds a row by its first letters', async () => {
    const page = await openProcess('Si bands, PBE');
    const tree = page.getByRole('tree', { name: 'Called processes' });
    await tree.focus();
    await page.keyboard.press('ArrowRight');
    await tree.getByRole('treeitem', { level: 2 }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => tree.getByRole('treeitem').count()).toBe(3);
    await page.keyboard.type('scf');
    await expect.poll(() => tree.locator('.row.active').textContent()).toContain('PwBaseWorkChain');
  });

  it('shows files: text with a search, JSON as it stands in the file, binary as bytes', async () => {
    const page = await openProcess('SrTiO3 phonons, supercell 3×3×3', '?tab=files');
    const files = page.getByRole('tree', { name: 'Files' });
    await files.getByRole('treeitem', { name: /aiida\.out/ }).click();
    const text = page.getByRole('region', { name: 'aiida.out' });
    await text.getByText('Program PWSCF').waitFor();
    await expect.poll(() => text.locator('.line').count()).toBeLessThan(100);
    await page.getByLabel('Find in aiida.out').fill('iteration #2400');
    await text.getByText('iteration #2400').waitFor();
    await page.getByText('1 of 1').waitFor();

    await files.getByRole('treeitem', { name: /data-file-schema/ }).click();
    const json = page.getByRole('tree', { name: 'data-file-schema.json' });
    for (const value of [
      '-22.84',
      '2.0',
      '3e-05',
      '12345678901234567890',
      'true',
      'null',
      '"Silizium – gemessen"',
    ]) {
      await json.getByText(value, { exact: true }).waitFor();
    }
    await page.getByRole('radio', { name: 'Text' }).check({ force: true });
    await page.getByRole('region', { name: 'data-file-schema.json' }).getByText('"converged"').waitFor();

    await files.getByRole('treeitem', { name: /charge-density/ }).click();
    const bytes = page.getByRole('region', { name: 'charge-density.dat in bytes' });
    await bytes.getByText(/^00000010 /).waitFor();
  });

  it('downloads a file byte for byte', async () => {
    const page = await openProcess('SrTiO3 phonons, supercell 3×3×3', '?tab=files');
    await page.getByRole('treeitem', { name: /charge-density/ }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe('charge-density.dat');
    const retrieved = [...stage.core.world.nodes.values()].findLast(({ files }) =>
      files.has('out/aiida.save/charge-density.dat'),
    );
    const want = [...stage.core.world.nodes.values()]
      .map(({ files }) => files.get('out/aiida.save/charge-density.dat'))
      .filter((content) => content !== undefined);
    const got = await readFile(await saved.path());
    expect(retrieved).toBeDefined();
    expect(want.some((content) => got.equals(content))).toBe(true);
  });

  it('reads the last lines of a running job’s output from the computer', async () => {
    const page = await openProcess('MgO cutoff 70 Ry', '?tab=live');
    await page.getByText(/kB, followed$/).waitFor();
    await page.getByText('JOB DONE.').waitFor();
  });

  it('shows the log as text that can be searched, with what would act made visible', async () => {
    const canary = stage.core.world.processes.find(({ label }) => label.startsWith('<img'));
    const { page } = await stage.page({ path: `/process/${canary?.uuid}?tab=log` });
    const log = page.getByRole('region', { name: 'Log' });
    await log.getByText('␛[31mred␛[0m ␇ and ⟨U+202E⟩esrever⟨U+202C⟩').waitFor();
  });

  it('pauses with Undo, kills only after a question, and then offers to launch again', async () => {
    const page = await openProcess('MgO cutoff 50 Ry');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.keyboard.press('Shift+K');
    await page.getByRole('dialog', { name: 'Kill “MgO cutoff 50 Ry”?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(processCalled('MgO cutoff 50 Ry').process?.state).toBe('waiting');
    await page.keyboard.press('Shift+K');
    await page.getByRole('dialog').getByRole('button', { name: 'Kill', exact: true }).click();
    await page.getByRole('button', { name: 'Launch again…' }).waitFor();
    expect(processCalled('MgO cutoff 50 Ry').process?.state).toBe('killed');
  });

  it('shows what a restart workflow did in each iteration, and takes the answer to its question', async () => {
    const page = await openProcess('Phonons of ZnO, restarted');
    await expect.poll(() => tab(page, /Iterations/).getAttribute('aria-selected')).toBe('true');
    const rows = page.getByRole('region', { name: 'Iterations' }).getByRole('row');
    const first = await rows.nth(1).textContent();
    expect(first).toContain('out_of_walltime');
    expect(first).toMatch(/options\.max_wallclock_seconds\s*7200\s*14400/);
    await expect.poll(() => rows.count()).toBe(4);
    expect(await axe(page)).toEqual([]);
    const card = page.getByRole('region', {
      name: 'The command ended with exit code 400. Shall it run again?',
    });
    await card.getByText('It needs you').waitFor();
    await card.getByText('exit status 400: The command ended with exit status 2.').waitFor();
    await card.getByRole('listitem').filter({ hasText: 'With its restart files.' }).waitFor();
    await card.getByRole('button', { name: 'Run it again' }).focus();
    await page.keyboard.press('Enter');
    await card.waitFor({ state: 'detached' });
    await tab(page, /Log/).click();
    await page.getByText('answered “Run it again” to: The command ended').waitFor();
  });

  it('copies its names in the forms that other tools take', async () => {
    const page = await openProcess('Si bands, PBE');
    const { uuid } = processCalled('Si bands, PBE');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Copy for Python' }).click();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(`load_node('${uuid}')`);
    await page.keyboard.press('u');
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(uuid);
  });

  it('moves the divider of the files by keys, and remembers it', async () => {
    const page = await openProcess('SrTiO3 phonons, supercell 3×3×3', '?tab=files');
    const divider = page.getByRole('separator', { name: 'Width of the list of files' });
    await divider.focus();
    const before = Number(await divider.getAttribute('aria-valuenow'));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(Number(await divider.getAttribute('aria-valuenow'))).toBe(before + 32);
    await page.reload();
    await divider.waitFor();
    expect(Number(await divider.getAttribute('aria-valuenow'))).toBe(before + 32);
  });
});
