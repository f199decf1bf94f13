import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addProcess } from '../support/fake-core/build-process.ts';
import { hasFocus, type PageElement } from '../support/fake-core/dom.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';

/** The PK and the place of the first row that is wholly below the head of the table. */
function firstReadRow(grid: PageElement): { name: string; top: number } {
  const limit = grid.getBoundingClientRect().top + 100;
  for (const row of grid.querySelectorAll('.body .row')) {
    const { top } = row.getBoundingClientRect();
    if (top > limit) return { name: row.lastElementChild?.textContent.trim() ?? '', top };
  }
  throw new Error('no row is on screen');
}

/** Resolves once nothing of the page has moved in ten frames one after the other, and it has moved at all. */
const standsStill = `(async () => {
  const body = document.querySelector('[role="grid"] .body') ?? document.querySelector('[role="grid"]');
  const place = () => [...body.querySelectorAll('.row')].map((row) => row.getBoundingClientRect().top + row.textContent).join();
  const first = place();
  for (let still = 0, last = first; still < 10 || last === first; ) {
    await new Promise(requestAnimationFrame);
    const now = place();
    still = now === last ? still + 1 : 0;
    last = now;
  }
})()`;

describe.skipIf(noBrowser !== null)('the table of processes', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const grid = (page: Page) => page.getByRole('grid', { name: 'Processes' });
  const rows = (page: Page) =>
    grid(page)
      .getByRole('row')
      .filter({ has: page.getByRole('gridcell') });
  const activeRow = (page: Page) => grid(page).locator('.row.active');
  const rowWith = (page: Page, text: string) => rows(page).filter({ hasText: text });
  const topName = (page: Page) => rows(page).first().getByRole('link').textContent();

  async function ready(options: Parameters<Stage['page']>[0] = {}): Promise<Page> {
    const { page } = await stage.page(options);
    await rows(page).first().waitFor();
    return page;
  }

  function launch(label: string, ctime = Date.now()) {
    const node = addProcess(stage.core.world, {
      kind: 'calculation-job',
      className: 'PwCalculation',
      label,
      state: 'waiting',
      ctime,
    });
    stage.core.world.touch();
    return node;
  }

  it('draws only what is on screen of more than 10 000 rows, and reaches the last by one key', async () => {
    const page = await ready();
    const total = Number(await grid(page).getAttribute('aria-rowcount')) - 1;
    expect(total).toBeGreaterThan(10_000);
    await expect.poll(() => rows(page).count()).toBeLessThan(60);
    await grid(page).focus();
    await page.keyboard.press('End');
    await grid(page)
      .locator(`[aria-rowindex="${total + 1}"].active`)
      .getByRole('link')
      .waitFor();
    await expect.poll(() => rows(page).count()).toBeLessThan(60);
    await page.keyboard.press('Home');
    await grid(page).locator('[aria-rowindex="2"].active').getByRole('link').waitFor();
  });

  it('moves by arrows and pages, and opens with Enter; Back comes to the same place and row', async () => {
    const page = await ready();
    await grid(page).focus();
    await page.keyboard.press('PageDown');
    await page.keyboard.press('PageDown');
    await page.keyboard.press('ArrowDown');
    const name = (await activeRow(page).getByRole('link').textContent()) ?? '';
    const index = await activeRow(page).getAttribute('aria-rowindex');
    expect(Number(index)).toBeGreaterThan(30);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.goBack();
    await activeRow(page).waitFor();
    await expect.poll(() => activeRow(page).getAttribute('aria-rowindex')).toBe(index);
    await page.reload();
    await activeRow(page).waitFor();
    await expect.poll(() => activeRow(page).getAttribute('aria-rowindex')).toBe(index);
  });

  it('changes a row in place while a person looks at it', async () => {
    const node = launch('changes in place');
    const page = await ready();
    await rowWith(page, 'changes in place').getByText('Waiting').waitFor();
    const handle = await rowWith(page, 'changes in place').elementHandle();
    stage.core.world.setState(node, 'finished');
    stage.core.world.touch();
    await rowWith(page, 'changes in place').getByText('Finished').waitFor();
    expect(await handle?.evaluate((element) => element.isConnected)).toBe(true);
  });

  it('shows new rows at once at the top, and queues them behind a pill when scrolled', async () => {
    const page = await ready();
    launch('while at the top');
    await rowWith(page, 'while at the top').waitFor();
    await grid(page).hover();
    await page.mouse.wheel(0, 3200);
    await page.evaluate(standsStill);
    const { name, top } = await grid(page).evaluate(firstReadRow);
    for (let i = 0; i < 3; i++) launch(`while reading ${i}`);
    await page.getByRole('button', { name: '3 new' }).waitFor();
    const box = await rowWith(page, name).boundingBox();
    expect(box?.y).toBe(top);
    await page.getByRole('button', { name: '3 new' }).click();
    await rowWith(page, 'while reading 2').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'new' }).count()).toBe(0);
  });

  it('keeps the keyboard on the row, not on the place, when rows come in above', async () => {
    const page = await ready();
    await grid(page).focus();
    await page.keyboard.press('ArrowDown');
    const name = await activeRow(page).getByRole('link').textContent();
    launch('comes in above');
    await rowWith(page, 'comes in above').waitFor();
    await expect.poll(() => activeRow(page).getByRole('link').textContent()).toBe(name);
  });

  it('filters by what is typed, by chips, and by roots only; all of it stands in the address', async () => {
    const page = await ready();
    await page.keyboard.press('/');
    await page.keyboard.type('equation');
    await expect.poll(() => rows(page).count()).toBe(2);
    await page.getByRole('button', { name: 'Excepted' }).click();
    await expect.poll(() => rows(page).count()).toBe(1);
    await expect
      .poll(() => page.getByLabel('Filter the processes').inputValue())
      .toBe('equation state:excepted');
    await expect.poll(() => page.url()).toContain('filter=equation+state%3Aexcepted');
    await page.reload();
    await rowWith(page, 'LiF equation of state').waitFor();
    await page.getByRole('button', { name: 'Excepted' }).click();
    await expect.poll(() => rows(page).count()).toBe(2);
    await page.getByRole('switch', { name: 'Roots only' }).check();
    await expect.poll(() => page.url()).toContain('roots=true');
  });

  it('says what is wrong with a filter and keeps the last good rows', async () => {
    const page = await ready();
    await page.getByLabel('Filter the processes').fill('state:fialed');
    await page.locator('.problem').waitFor();
    await expect
      .poll(() => page.getByLabel('Filter the processes').getAttribute('aria-invalid'))
      .toBe('true');
    await expect.poll(() => rows(page).count()).toBeGreaterThan(10);
  });

  it('offers fields and values, taken by the keyboard', async () => {
    const page = await ready();
    await page.getByLabel('Filter the processes').pressSequentially('sta');
    await page.getByRole('option', { name: 'state' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('exc');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByLabel('Filter the processes').inputValue()).toBe('state:excepted');
    await page.keyboard.press('Enter');
    await expect.poll(() => grid(page).evaluate(hasFocus)).toBe(true);
  });

  it('leaves the filter backwards without taking what is offered', async () => {
    const page = await ready();
    const filter = page.getByLabel('Filter the processes');
    await filter.pressSequentially('sta');
    await page.getByRole('option', { name: 'state' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => filter.evaluate(hasFocus)).toBe(false);
    expect(await filter.inputValue()).toBe('sta');
  });

  it('says why it is empty, and clears the filter by one click', async () => {
    const { page } = await stage.page({ path: '/processes?filter=nothing-is-called-so' });
    await page.getByRole('heading', { name: 'No process fits the filter' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).last().click();
    await rows(page).first().waitFor();
    await expect.poll(() => page.url()).not.toContain('filter');
  });

  it('sorts by a header, and the order stands in the address', async () => {
    const page = await ready();
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await expect.poll(() => topName(page)).toMatch(/^<img/);
    await expect.poll(() => page.url()).toContain('sort=name');
    await expect
      .poll(() => page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort'))
      .toBe('ascending');
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await expect.poll(() => page.url()).toContain('sort=-name');
  });

  it('remembers which columns a person chose, and how wide', async () => {
    const page = await ready();
    await page.getByRole('button', { name: 'Columns and order' }).click();
    await page.getByRole('checkbox', { name: 'UUID' }).check();
    await page.getByRole('checkbox', { name: 'Computer' }).uncheck();
    await page.getByLabel('Width of State in pixels').fill('200');
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'UUID' }).waitFor();
    await page.reload();
    await rows(page).first().waitFor();
    await expect.poll(() => page.getByRole('columnheader', { name: 'UUID' }).count()).toBe(1);
    await expect.poll(() => page.getByRole('columnheader', { name: 'Computer' }).count()).toBe(0);
    const box = await page.getByRole('columnheader', { name: 'State' }).boundingBox();
    expect(box?.width).toBe(200);
  });

  it('resizes a column by its edge', async () => {
    const page = await ready();
    const head = page.getByRole('columnheader', { name: 'State' });
    const before = await head.boundingBox();
    if (before === null) throw new Error('no header');
    await page.mouse.move(before.x + before.width, before.y + 10);
    await page.mouse.down();
    await page.mouse.move(before.x + before.width + 60, before.y + 10, { steps: 4 });
    await page.mouse.up();
    const after = await head.boundingBox();
    expect(Math.round((after?.width ?? 0) - before.width)).toBe(60);
  });

  it('copies rows as a table with whole times', async () => {
    const page = await ready();
    await page.getByLabel('Filter the processes').fill('SrTiO3 phonons');
    await expect.poll(() => rows(page).count()).toBe(1);
    await grid(page).focus();
    await page.keyboard.press('Control+c');
    const text = String(await page.evaluate('navigator.clipboard.readText()'));
    const [head, line] = text.split('\n');
    expect(head).toBe('State\tName\tNow\tComputer\tTime taken\tCreated\tPK');
    expect(line).toMatch(
      /^Failed 120\tSrTiO3 phonons.*\tgranite\t6:12:00\t\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\t\d+$/,
    );
  });

  it('selects by Space, by Shift and by Ctrl+A, and clears by Esc', async () => {
    const page = await ready({ path: '/processes?filter=state:failed' });
    await grid(page).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('3 processes selected').waitFor();
    await page.keyboard.press('Shift+ArrowUp');
    await page.getByText('2 processes selected').waitFor();
    await page.keyboard.press('Control+a');
    await page.getByText(`${stage.core.world.counts.failed} processes selected`).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('group', { name: 'Filter by state' }).waitFor();
  });

  it('pauses many at once, and Undo resumes them', async () => {
    const page = await ready({ path: '/processes?filter=MgO+cutoff' });
    await grid(page).focus();
    await page.keyboard.press('Control+a');
    await page.getByText('7 processes selected').waitFor();
    await page.keyboard.press('p');
    await page.getByText('Paused 7 processes', { exact: true }).waitFor();
    await expect.poll(() => grid(page).getByText('Paused', { exact: true }).count()).toBe(7);
    await page.keyboard.press('Control+z');
    await expect.poll(() => grid(page).getByText('Paused', { exact: true }).count()).toBe(0);
  });

  it('asks before it kills, with what it would touch, and lists what could not be killed', async () => {
    for (const computer of ['granite', 'granite', 'basalt']) {
      addProcess(stage.core.world, {
        kind: 'calculation-job',
        className: 'PwCalculation',
        label: 'to be killed',
        state: 'waiting',
        computer,
        ctime: Date.now(),
      });
    }
    stage.core.world.touch();
    const page = await ready({ path: '/processes?filter="to+be+killed"' });
    await grid(page).focus();
    await page.keyboard.press('Control+a');
    await page.getByText('3 processes selected').waitFor();
    await page.keyboard.press('Shift+K');
    const dialog = page.getByRole('dialog', { name: 'Kill 3 processes?' });
    await expect
      .poll(() => dialog.getByRole('row', { name: /granite/ }).textContent())
      .toContain('2 waiting');
    await expect.poll(() => page.getByRole('button', { name: 'Keep running' }).evaluate(hasFocus)).toBe(true);
    await dialog.getByRole('button', { name: 'Kill 3' }).click();
    const outcome = page.getByRole('dialog', { name: 'Killed 2 processes, 1 could not be' });
    await outcome.getByText('basalt could not be reached').waitFor();
    await outcome.getByRole('button', { name: 'Try these again' }).click();
    await page.getByRole('dialog', { name: 'Killed 0 processes, 1 could not be' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => grid(page).getByText('Killed', { exact: true }).count()).toBe(2);
  });

  it('offers by the right button what the keys do', async () => {
    const page = await ready({ path: '/processes?filter=MgO+cutoff' });
    await rowWith(page, 'MgO cutoff 70').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Open' }).waitFor();
    await expect
      .poll(() => page.getByRole('menuitem', { name: 'Play' }).getAttribute('aria-disabled'))
      .toBe('true');
    await page.getByRole('menuitem', { name: 'Open' }).click();
    await page.getByRole('heading', { level: 1, name: 'MgO cutoff 70 Ry' }).waitFor();
  });
});
