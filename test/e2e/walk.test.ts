import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notBuilt, stemma } from '../support/built-app.ts';
import { chromiumPath, noChromium, patienceMs } from '../support/chromium.ts';
import { newPage } from '../support/new-page.ts';
import { pictures } from '../support/screenshots.ts';
import { skipReason } from '../support/skips.ts';
import { slurmUnavailable, startSlurm, type Slurm } from '../support/slurm.ts';
import { sshdUnavailable, startSshd, type Sshd } from '../support/sshd.ts';
import { startServing, type Serving } from '../support/start-serving.ts';

const reason = skipReason(
  'the walk from a new computer to an exported result',
  notBuilt ?? noChromium ?? sshdUnavailable() ?? slurmUnavailable(),
);

/** One walk in one window: each test begins where the one before ended. */
describe.skipIf(reason !== null)('a person who has a cluster', () => {
  let folder: string;
  let slurm: Slurm;
  let sshd: Sshd;
  let served: Serving;
  let browser: Browser;
  let page: Page;
  const pageErrors: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stemma-walk-'));
    slurm = await startSlurm();
    sshd = await startSshd({ env: slurm.env });
    const ssh = join(folder, 'home', '.ssh');
    mkdirSync(ssh, { recursive: true, mode: 0o700 });
    copyFileSync(sshd.key, join(ssh, 'id_cluster'));
    const config = [
      'Host cluster',
      `  HostName ${sshd.host}`,
      `  Port ${sshd.port}`,
      `  User ${sshd.user}`,
      '  IdentityFile ~/.ssh/id_cluster',
      '  IdentitiesOnly yes',
    ];
    writeFileSync(join(ssh, 'config'), `${config.join('\n')}\n`);
    served = await startServing(join(folder, 'profile'), { env: { HOME: join(folder, 'home') } });
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
    });
    // what does not come in this time does not come: a picture then shows why
    context.setDefaultTimeout(patienceMs);
    page = await newPage(context);
    page.on('pageerror', (error) => pageErrors.push(error.message));
    await page.goto(served.address);
  });

  afterAll(async () => {
    await browser?.close();
    await served?.end();
    await sshd?.stop();
    await slurm?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const button = (name: string | RegExp, within: Page | Locator = page): Locator =>
    within.getByRole('button', { name });
  const field = (label: string | RegExp, within: Page | Locator = page): Locator => within.getByLabel(label);
  const go = (name: string): Promise<void> =>
    page.getByRole('navigation').getByRole('link', { name }).first().click();
  const choose = async (label: string, option: string, within: Page | Locator = page): Promise<void> => {
    await field(label, within).click();
    await page.getByRole('option', { name: option }).first().click();
  };
  /** In a list that narrows while one types. */
  const pick = async (label: string, text: string, within: Page | Locator = page): Promise<void> => {
    await field(label, within).click();
    await field(label, within).pressSequentially(text);
    await page.getByRole('option', { name: text }).first().click();
  };
  const walk = (name: string, steps: () => Promise<void>): void =>
    test(name, async () => {
      try {
        await steps();
      } catch (error) {
        await pictures(page, 'failed');
        throw error;
      }
    });

  walk('is told how to begin', async () => {
    await page.getByRole('heading', { name: 'Welcome to Stemma' }).waitFor();
    await pictures(page, '01-welcome');
  });

  walk('adds it by a form, accepts its key, and sees each step of the test', async () => {
    await page.getByRole('link', { name: 'Add a computer…' }).click();
    const form = page.getByRole('form', { name: /computer/i });
    await pick('From ~/.ssh/config', 'clu', form);
    await form.getByText(/stands for/).waitFor();
    await expect.poll(() => field(/^Host/, form).inputValue()).toBe(sshd.host);
    await expect.poll(() => field(/^User/, form).inputValue()).toBe(sshd.user);

    // nonsense is refused at its field
    await field(/^Work directory/, form).fill('relative/path');
    await field(/^Work directory/, form).blur();
    await form
      .getByText(/absolute|begin with/i)
      .first()
      .waitFor();
    await field(/^Work directory/, form).fill(join(folder, 'work', '{username}'));
    await form.getByText('Queue and description').click();
    await field(/^Look at the queue every/, form).fill('1');

    const panel = page.getByRole('region', { name: 'Test', exact: true });
    await button('Test', panel).click();
    const asked = page.getByRole('region', { name: `Host key of ${sshd.host}` });
    await asked.getByText(sshd.fingerprint()).waitFor();
    await pictures(page, '02-host-key');
    await button('Accept', asked).click();
    await panel
      .getByText(/passed|works|in order/i)
      .first()
      .waitFor();
    const steps = panel.getByRole('list', { name: 'Steps of the test' });
    await expect.poll(() => steps.getByRole('listitem').count()).toBeGreaterThanOrEqual(9);
    await pictures(page, '03-computer-tested');
    await button('Add computer').click();
    await page.getByRole('heading', { name: 'cluster', level: 1 }).waitFor();
  });

  walk('adds codes on it and tests that they are there', async () => {
    for (const [label, executable, plugin] of [
      ['bash', '/bin/bash', 'core.arithmetic.add'],
      ['sort', '/usr/bin/sort', 'core.shell'],
    ] as const) {
      await button(/^Add (a )?code/)
        .first()
        .click();
      const dialog = page.getByRole('dialog', { name: 'Add a code' });
      await field(/^Label/, dialog).fill(label);
      await field(/^Default plugin/, dialog).fill(plugin);
      await page.keyboard.press('Tab');
      await field(/^Executable/, dialog).fill(label === 'bash' ? '/bin/no-such-bash' : executable);
      await button('Test', dialog).click();
      if (label === 'bash') {
        await dialog
          .getByText(/^There is no/)
          .first()
          .waitFor();
        await field(/^Executable/, dialog).fill(executable);
        await button('Test', dialog).click();
      }
      await dialog
        .getByText(/can be run|is there|is an executable|works/i)
        .first()
        .waitFor();
      if (label === 'sort') await pictures(page, '04-code');
      await button('Add code', dialog).click();
      await dialog.waitFor({ state: 'detached' });
    }
    await pictures(page, '05-computer');
  });

  /** Opens the form of a process. */
  const openLaunch = async (id: string): Promise<Locator> => {
    await go('Launch');
    await page.getByRole('link', { name: id, exact: true }).click();
    const form = page.getByRole('form', { name: `Launch ${id}` });
    await form.waitFor();
    return form;
  };
  /** Launches what stands in the form, and waits on its page until it has ended. */
  const launch = async (title: string): Promise<void> => {
    await button(/^Launch/, page.getByRole('main'))
      .first()
      .click();
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  };
  const finished = (): Promise<void> =>
    page
      .getByRole('main')
      .getByText(/^finished/i)
      .first()
      .waitFor({ timeout: 120_000 });

  walk('launches an addition there after seeing its exact script', async () => {
    const form = await openLaunch('core.arithmetic.add');
    await pictures(page, '06-launch-empty');
    // the only code that is for it is chosen already
    await expect.poll(() => field('code', form).inputValue()).toBe('bash@cluster');
    await field(/^x/, form).fill('two');
    await field(/^y/, form).fill('3');
    await form
      .getByText(/number/i)
      .first()
      .waitFor();
    await field(/^x/, form).fill('2');
    await field(/^Label/, form).fill('two and three');
    await page.getByRole('region', { name: 'Preview' }).getByText('#SBATCH').first().waitFor();
    await pictures(page, '07-launch-preview');
    await launch('two and three');
    await pictures(page, '08-running');
    await finished();
    await pictures(page, '09-finished');
    await page.getByRole('tab', { name: /^Outputs/ }).click();
    await page.getByRole('tabpanel').getByText('sum').first().waitFor();
  });

  walk('launches a workflow whose job runs there', async () => {
    const form = await openLaunch('core.arithmetic.multiply_add');
    await pick('code', 'bash@cluster', form);
    for (const [name, number] of [
      ['x', '2'],
      ['y', '3'],
      ['z', '5'],
    ] as const) {
      await field(new RegExp(`^${name}`), form).fill(number);
    }
    await field(/^Label/, form).fill('six and five');
    await launch('six and five');
    await finished();
    await pictures(page, '10-workflow');
  });

  walk('runs any command there, with a file in and a file out', async () => {
    const form = await openLaunch('core.shell');
    await expect.poll(() => field('code', form).inputValue()).toBe('sort@cluster');
    await field(/^arguments/, form).fill('-n -o sorted.txt {numbers}');
    await button('Add “numbers”', form).click();
    const input = form.getByRole('group', { name: 'Input numbers' });
    await choose('Kind of value of numbers', 'File', input);
    const chooser = page.waitForEvent('filechooser');
    await button(/Choose/, input).click();
    await (
      await chooser
    ).setFiles({ name: 'numbers.txt', mimeType: 'text/plain', buffer: Buffer.from('10\n9\n1\n') });
    await input.getByText('numbers.txt').waitFor();
    await field(/^outputs/, form).fill('sorted.txt');
    await field(/^Label/, form).fill('sorted numbers');
    await pictures(page, '11-launch-shell');
    await launch('sorted numbers');
    await finished();
    await page.getByRole('tab', { name: /^Outputs/ }).click();
    await page
      .getByRole('link', { name: /sorted_txt|sorted\.txt/ })
      .first()
      .click();
    await page.getByText('10', { exact: true }).first().waitFor();
    await pictures(page, '12-file-node');
  });

  walk('sees all of them in the table, and the queue of the computer', async () => {
    await go('Processes');
    for (const label of ['two and three', 'six and five', 'sorted numbers']) {
      await page.getByRole('grid').getByText(label).first().waitFor();
    }
    await pictures(page, '13-processes');
    await go('Queue');
    await page.getByText('cluster').first().waitFor();
    await pictures(page, '14-queue');
  });

  walk('follows a result back to its inputs in the graph and in the tree', async () => {
    await go('Processes');
    await page.getByRole('grid').getByText('six and five').first().click();
    await page.getByRole('heading', { name: 'six and five', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Graph' }).last().click();
    // not by a function in the page: its policy forbids what Playwright would evaluate there a second time
    const graph = page.getByRole('region', { name: 'Provenance graph' });
    await expect.poll(() => graph.getAttribute('aria-busy')).toBe('false');
    await pictures(page, '15-graph');
    await page.getByRole('main').getByText('Tree', { exact: true }).click();
    const tree = page.getByRole('tree', { name: 'Provenance as a tree' });
    await tree.getByRole('treeitem').filter({ hasText: 'six and five' }).first().waitFor();
    await tree.getByRole('treeitem').filter({ hasText: 'Int' }).first().waitFor();
    await pictures(page, '15-tree');
  });

  walk('exports what has been done, and the archive says what is in it', async () => {
    await go('Archives');
    await page
      .getByRole('link', { name: /Export/ })
      .or(button(/Export/))
      .first()
      .click();
    await page.getByRole('combobox', { name: 'What to export' }).click();
    await page.getByRole('option', { name: 'Everything' }).click();
    await page.getByText(/nodes/).first().waitFor();
    await pictures(page, '16-export');
    const download = page.waitForEvent('download');
    await button(/^Export/, page.getByRole('main'))
      .last()
      .click();
    const file = join(folder, 'walk.aiida');
    const saved = await Promise.race([
      download,
      new Promise<null>((resolve) => setTimeout(resolve, 30_000, null)),
    ]);
    expect(saved).not.toBeNull();
    await saved?.saveAs(file);
    await pictures(page, '17-exported');
    expect(statSync(file).size).toBeGreaterThan(1000);
    expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
    const { status, stdout } = await stemma(['archive', 'info', file, '--json']);
    expect(status).toBe(0);
    const info = JSON.parse(stdout) as Record<string, number>;
    expect(info['nodes']).toBeGreaterThan(20);
    expect(info['computers']).toBe(2);
  });

  walk('looks into an archive without importing it', async () => {
    await go('Archives');
    const chooser = page.waitForEvent('filechooser');
    await button('Choose an archive…').click();
    await (await chooser).setFiles(join(folder, 'walk.aiida'));
    await page
      .getByText(/identical|nothing new|already/i)
      .first()
      .waitFor();
    await pictures(page, '18-import-preview');
    await page.getByRole('link', { name: /^Look inside/ }).click();
    await page.getByRole('heading', { name: 'walk.aiida', level: 1 }).waitFor();
    await page
      .getByRole('navigation', { name: 'In this archive' })
      .getByRole('link', { name: /Processes/ })
      .click();
    await page.getByRole('grid').getByText('sorted numbers').first().waitFor();
    await pictures(page, '19-inside-an-archive');
    await button(/^Close/)
      .or(page.getByRole('link', { name: /^Close|^Leave/ }))
      .first()
      .click();
  });

  walk('opens the demo project, and reads why its workflow failed', async () => {
    await page.goto(new URL('/#/welcome', served.address).href);
    await page.getByRole('heading', { name: 'Welcome to Stemma' }).waitFor();
    await button('Open the demo project').click();
    await page.getByRole('grid').getByText('iron, first try').first().waitFor();
    await pictures(page, '20-processes-demo');
    await page.getByRole('grid').getByText('iron, first try').first().click();
    await page.getByRole('heading', { name: 'iron, first try', level: 1 }).waitFor();
    await page
      .getByText(/why .*failed/i)
      .first()
      .waitFor();
    await pictures(page, '21-failed');
  });

  walk('finds data by words and looks at it', async () => {
    for (const [words, name] of [
      ['silicon type:data.core.structure', 'silicon'],
      ['type:data.core.array.bands', 'bands'],
    ] as const) {
      await go('Data');
      await page
        .getByRole('textbox', { name: /filter/i })
        .or(page.getByRole('combobox', { name: /filter/i }))
        .first()
        .fill(words);
      await page.keyboard.press('Enter');
      const row = page.getByRole('grid').getByRole('row').nth(1);
      await row.waitFor();
      if (name === 'silicon') await pictures(page, '22-data');
      await row.getByRole('link').first().click();
      await page.getByRole('tabpanel').first().waitFor();
      await pictures(page, `23-${name}`);
    }
  });

  walk('looks at groups, settings and the health of the profile', async () => {
    await go('Groups');
    await page.getByRole('grid').getByText('demo project').first().waitFor();
    await pictures(page, '24-groups');
    await page.getByRole('grid').getByText('demo project').first().click();
    await page.getByRole('heading', { name: 'demo project', level: 1 }).waitFor();
    await pictures(page, '25-group');
    await go('Launch');
    await page.getByRole('link', { name: 'core.shell', exact: true }).waitFor();
    await pictures(page, '26-launch');
    await go('Computers');
    await page.getByText('localhost').nth(1).waitFor();
    await pictures(page, '27-computers');
    await go('Settings');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await pictures(page, '28-settings');
    await go('Diagnostics');
    await button(/^Check/, page.getByRole('main'))
      .first()
      .click();
    await page.getByText('Nothing is wrong.').first().waitFor();
    await pictures(page, '29-diagnostics');
  });

  walk('without one error in the window', async () => {
    expect(pageErrors).toEqual([]);
  });
});
