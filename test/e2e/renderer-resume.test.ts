import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeInBothThemes } from '../support/axe.ts';
import { addResumable } from '../support/fake-core/build-resume.ts';
import { addWaits } from '../support/fake-core/build-waits.ts';
import { hasFocus } from '../support/fake-core/dom.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';
import type { FakeNode } from '../support/fake-core/world.ts';

describe.skipIf(noBrowser !== null)('a workflow that did not end well', () => {
  let stage: Stage;
  let page: Page;
  let complaints: string[];
  let failed: FakeNode;
  let paused: FakeNode;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 20 });
    const now = Date.now();
    failed = addResumable(stage.core.world, now);
    const waiting = addWaits(stage.core.world, now).find(({ label }) => label === 'waits: code-changed');
    if (waiting === undefined || waiting.process === null) throw new Error('no workflow whose code changed');
    paused = waiting;
    waiting.process.sources = failed.process?.sources ?? { recorded: null, installed: null };
    ({ page, complaints } = await stage.page());
  });
  afterAll(() => stage.close());

  const open = async (node: FakeNode): Promise<void> => {
    await stage.goTo(page, `/process/${node.uuid}`);
    await page.getByRole('heading', { level: 1, name: node.label }).waitFor();
  };
  const dialog = () => page.getByRole('dialog', { name: 'Resume from the failed step' });
  const verdictOf = (step: RegExp) => dialog().getByRole('row', { name: step }).getByRole('cell').first();

  it('offers to resume it first, and says of each step what would become of it and why', async () => {
    await open(failed);
    const button = page
      .getByRole('region', { name: 'Step volume_2 failed.' })
      .getByRole('button', { name: 'Resume from the failed step…' });
    await button.focus();
    await page.keyboard.press('Enter');
    await dialog().getByText('3 steps are re-used, 1 runs again, 1 comes later.').waitFor();
    expect(await dialog().getByRole('row').allTextContents()).toMatchObject([
      expect.stringMatching(/Step.*What becomes of it.*Why/s),
      expect.stringMatching(/relax.*PwRelaxWorkChain.*re-used.*it finished/s),
      expect.stringMatching(/iteration_01.*re-used/s),
      expect.stringMatching(/volume_1.*re-used/s),
      expect.stringMatching(/volume_2.*runs again.*exit status 120/s),
      expect.stringMatching(/fit.*comes later.*comes after/s),
    ]);
    await expect
      .poll(() => dialog().getByRole('button', { name: 'Resume', exact: true }).evaluate(hasFocus))
      .toBe(true);
    expect(await axeInBothThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await expect.poll(() => button.evaluate(hasFocus)).toBe(true);
    expect(stage.core.world.launched).toEqual([]);
  });

  it('runs a step again in any case where a person wants it, by keys alone, and opens the new run', async () => {
    await open(failed);
    await page.getByRole('button', { name: 'Resume from the failed step…' }).press('Enter');
    await dialog().getByText('3 steps are re-used').waitFor();
    const again = dialog().getByRole('checkbox', { name: 'Run “relax” again' });
    await again.focus();
    await page.keyboard.press('Space');
    await dialog().getByText('1 step is re-used, 3 run again, 1 comes later.').waitFor();
    await expect.poll(() => verdictOf(/iteration_01/).textContent()).toContain('runs again');
    await expect.poll(() => again.isChecked()).toBe(true);
    await dialog().getByRole('button', { name: 'Resume', exact: true }).press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await expect.poll(() => page.url()).not.toContain(failed.uuid);
    expect(stage.core.world.launched).toMatchObject([
      { plugin: 'core.arithmetic.multiply_add', resume: { from: failed.uuid, again: ['relax'] } },
    ]);
  });

  it('goes to the form of a launch where inputs are to be changed', async () => {
    await open(failed);
    await page.getByRole('button', { name: 'Resume from the failed step…' }).click();
    await dialog().getByText('3 steps are re-used').waitFor();
    await dialog().getByRole('button', { name: 'Change inputs…' }).click();
    await page.getByRole('heading', { level: 1, name: 'core.arithmetic.multiply_add' }).waitFor();
    await expect.poll(() => page.url()).toContain(`from=${failed.uuid}`);
  });

  it('paused because its code changed: leads to both versions, and from difference to difference', async () => {
    await open(paused);
    const card = page.getByRole('region', { name: /code of the workflow has changed/ });
    const choices = card.getByRole('list', { name: 'What can be done' }).getByRole('listitem');
    expect(await choices.allTextContents()).toMatchObject([
      expect.stringMatching(/Show what changed.*side by side/s),
      expect.stringMatching(/Resume from the failed step….*taken over/s),
      expect.stringMatching(/Play.*former version of the plugin/s),
      expect.stringMatching(/Kill….*stays/s),
    ]);
    await card.getByRole('button', { name: 'Show what changed' }).press('Enter');
    const versions = page.getByRole('table', { name: 'What changed in the code' });
    await versions.getByRole('columnheader', { name: 'This run: version 1.0.0' }).waitFor();
    await versions.getByRole('columnheader', { name: 'Installed now: version 1.1.0' }).waitFor();
    const panel = page.getByRole('tabpanel');
    await panel.getByText('Difference 1 of 3').waitFor();
    const replaced = versions.getByRole('row', { name: /removed.*volume_20.*added.*scfWithSmearing/ });
    await replaced.waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);

    await panel.getByRole('region', { name: 'What changed in the code' }).focus();
    await page.keyboard.press('F7');
    await panel.getByText('Difference 2 of 3').waitFor();
    const gone = versions.getByRole('row', { name: /removed.*volume_60/ });
    await gone.waitFor();
    expect(await gone.getByRole('cell').nth(1).textContent()).not.toContain('added');
    await panel.getByRole('button', { name: 'The next difference' }).click();
    await panel.getByText('Difference 3 of 3').waitFor();
    await versions.getByRole('row', { name: /added.*degauss/ }).waitFor();
    await expect
      .poll(() => panel.getByRole('button', { name: 'The next difference' }).isDisabled())
      .toBe(true);
    await panel.getByRole('region', { name: 'What changed in the code' }).focus();
    await page.keyboard.press('Shift+F7');
    await panel.getByText('Difference 2 of 3').waitFor();
  });

  it('without one complaint in the console', () => {
    expect(complaints).toEqual([]);
  });
});
