import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addProcess } from '../support/fake-core/build-process.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';
import { canary } from '../support/fake-core/texts.ts';

describe.skipIf(noBrowser !== null)('text of others', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 100 });
    const { world } = stage.core;
    for (const node of world.processes.slice(-3)) {
      const { process } = node;
      if (process === null) continue;
      process.exitMessage = canary;
      process.exception = canary;
      process.scheduler = [{ name: canary, value: canary }];
      process.explanation = {
        headline: canary,
        tone: 'needs-you',
        next: { words: canary, at: 0 },
        consequences: { 'look-again': canary },
        facts: [{ name: canary, value: canary }],
        lines: [canary],
        advice: [canary],
        actions: ['look-again'],
      };
      process.steps = [
        { name: 'x', words: canary, state: 'failed', started: 0, ended: 1, detail: canary, attempts: 2 },
      ];
    }
    for (const computer of world.computers) computer.message = canary;
    world.tasks.push({
      id: 'x',
      title: canary,
      state: 'failed',
      progress: null,
      message: canary,
      started: Date.now(),
      ended: Date.now(),
    });
    const parent = world.processes.find(({ label }) => label === 'Si bands, PBE');
    const child = addProcess(world, {
      kind: 'workflow',
      className: canary,
      label: canary,
      state: 'failed',
      ctime: Date.now(),
      ...(parent === undefined ? {} : { caller: parent, callLabel: canary }),
    });
    child.files.set(
      `${canary.replaceAll('/', '∕')}.json`,
      new TextEncoder().encode(JSON.stringify({ [canary]: canary })),
    );
    world.groups.push({
      uuid: world.uuid(),
      label: canary,
      description: canary,
      typeString: '',
      time: 0,
      nodes: new Set(),
    });
  });
  afterAll(() => stage.close());

  it('never acts, wherever it is shown', async () => {
    const { page, complaints } = await stage.page({ path: '/processes' });
    const uuids = stage.core.world.processes.slice(-4).map(({ uuid }) => uuid);
    await page.getByText('<img src=x').first().waitFor();
    for (const uuid of uuids) {
      for (const tab of ['inputs', 'outputs', 'files', 'log', 'scheduler', 'called']) {
        await page.evaluate(`location.hash = ${JSON.stringify(`#/process/${uuid}?tab=${tab}`)}`);
        await page.getByRole('tablist').waitFor();
        await page.waitForTimeout(150);
      }
      await page.evaluate(`location.hash = ${JSON.stringify(`#/process/${uuid}?tab=files`)}`);
      for (const file of await page.getByRole('treeitem', { name: /<img/ }).all()) {
        await file.click();
        await page.waitForTimeout(150);
      }
    }
    await page.evaluate(
      `location.hash = '#/processes?filter=' + encodeURIComponent(${JSON.stringify(`"${canary.replaceAll('"', '')}"`)})`,
    );
    await page.getByRole('heading', { level: 1, name: 'Processes' }).waitFor();
    await page
      .getByRole('button', { name: /img src|tasks/ })
      .last()
      .click();
    await page.keyboard.press('Escape');
    for (const text of ['<img', '#<img', canary]) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search and commands' }).fill(text);
      await page.waitForTimeout(400);
      await page.keyboard.press('Escape');
    }
    expect(await page.evaluate('window.__canary')).toBeUndefined();
    expect(await page.evaluate('document.querySelectorAll("img, script:not([src])").length')).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is refused by the policy of the page even where code would put it in as markup', async () => {
    const { page } = await stage.page();
    const thrown = await page.evaluate(
      `(() => { try { document.body.innerHTML = '<b>x</b>'; return 'done'; } catch (error) { return error.name; } })()`,
    );
    expect(thrown).toBe('TypeError');
    // a newer browser refuses the attribute itself, an older one does not run it
    await page.evaluate(
      `try { document.body.setAttribute('onclick', 'window.__canary = 1'); } catch {} document.body.click()`,
    );
    expect(await page.evaluate('window.__canary')).toBeUndefined();
  });
});
