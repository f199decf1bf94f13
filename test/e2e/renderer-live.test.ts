import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeInBothThemes } from '../support/axe.ts';
import { addWaits } from '../support/fake-core/build-waits.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';

describe.skipIf(noBrowser !== null)('a job that waits or runs', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 50 });
    addWaits(stage.core.world, Date.now());
    // one window for all: what is looked at is the page, not the load
    ({ page } = await stage.page());
  });
  afterAll(() => stage.close());

  const processCalled = (label: string) => {
    const found = stage.core.world.processes.find((node) => node.label === label);
    if (found === undefined) throw new Error(`no process “${label}”`);
    return found;
  };
  const open = async (label: string, query = ''): Promise<void> => {
    await stage.goTo(page, `/process/${processCalled(label).uuid}${query}`);
    await page.getByRole('heading', { level: 1, name: label }).waitFor();
  };

  it('is found by what needs a person, and says so in its row', async () => {
    await page.getByRole('button', { name: /^Needs you/ }).click();
    await expect.poll(() => page.getByRole('row', { name: /waits: lost/ }).count()).toBe(1);
    await expect.poll(() => page.getByRole('row', { name: /waits: with-scheduler/ }).count()).toBe(0);
    await page
      .getByRole('row', { name: /waits: held-by-admins/ })
      .getByText('needs you')
      .waitFor();
    await expect.poll(() => page.url()).toContain('needs-you');
    await page.getByRole('button', { name: /^Needs you/ }).click();
    await page
      .getByRole('row', { name: /waits: look-failed/ })
      .getByText('seen 7 min ago')
      .waitFor();
    await page
      .getByRole('row', { name: /waits: with-scheduler/ })
      .getByText(/expected to start in/)
      .waitFor();
  });

  it('shows the facts of a lost job, and each choice with what it leads to', async () => {
    await open('waits: lost');
    const card = page.getByRole('region', { name: /does not know this job any more/ });
    for (const fact of ['5512091', 'RUNNING since', 'does not know it', 'not in 4 complete lists'])
      await card.getByText(fact).first().waitFor();
    const choices = card.getByRole('list', { name: 'What can be done' }).getByRole('listitem');
    expect(await choices.allTextContents()).toMatchObject([
      expect.stringMatching(/Look again for the job.*once more/s),
      expect.stringMatching(/Give it up as lost.*exit status 100/s),
      expect.stringMatching(/Open the computer.*its output is there/s),
    ]);
    expect(await axeInBothThemes(page)).toEqual([]);
  });

  it('says until when it waits, with a time that ticks', async () => {
    await open('waits: with-scheduler');
    const card = page.getByRole('region', { name: /higher priority are ahead/ });
    const next = card.getByText(/the scheduler expects it to start/);
    const before = await next.textContent();
    await expect.poll(() => next.textContent()).not.toBe(before);
    await open('waits: computer-unreachable');
    await page
      .getByRole('region', { name: /cannot be reached/ })
      .getByText('last seen 3 h ago')
      .waitFor();
  });

  it('is plotted by words and by an expression, followed by the keys, and remembered', async () => {
    await open('MgO cutoff 70 Ry', '?tab=live');
    await page.getByRole('button', { name: 'Plot a number' }).click();
    const panel = page.getByRole('region', { name: 'Plot of a number' });
    await panel.getByRole('textbox').fill('estimated scf accuracy <');
    await panel.getByText(/^300 numbers; the last is/).waitFor();
    const plot = panel.getByRole('slider');
    await plot.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => plot.getAttribute('aria-valuetext')).toBe('reading 1: 0.5');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => plot.getAttribute('aria-valuetext')).toBe('reading 2: 0.03125');
    await panel.getByText('Expression', { exact: true }).click();
    await panel.getByRole('textbox').fill('(total energy');
    await panel.getByRole('alert').getByText('This bracket is not closed').waitFor();
    await panel.getByRole('textbox').fill('total energy += +(?<value>\\S+)');
    await panel.getByText(/^300 numbers; the last is -22\.84/).waitFor();
    await expect
      .poll(() => Object.values(stage.core.world.settings.patterns))
      .toMatchObject([{ file: 'aiida.out', kind: 'expression', text: 'total energy += +(?<value>\\S+)' }]);
    expect(await axeInBothThemes(page)).toEqual([]);
  });

  it('is stopped by a rule that begins with what is plotted', async () => {
    await page.getByRole('button', { name: 'Stop the job by it…' }).click();
    const rule = page.getByRole('group', { name: 'Stop rule 1' });
    await expect
      .poll(() => rule.getByRole('textbox', { name: 'Regular expression' }).inputValue())
      .toContain('total energy');
    await page.getByRole('button', { name: 'Set the rules' }).click();
    await rule.getByText('Must be a number.').waitFor();
    await rule.getByRole('textbox', { name: 'With' }).fill('-20');
    await rule.getByText(/is greater than −20\.$/).waitFor();
    await page.getByRole('button', { name: 'Set the rules' }).click();
    await page.getByText('Not looked at yet').waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    expect(processCalled('MgO cutoff 70 Ry').process?.rules).toMatchObject([
      { rule: { limit: -20, compare: '>' } },
    ]);
  });
});
