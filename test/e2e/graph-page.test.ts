import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chromiumPath, noChromium, patienceMs } from '../support/chromium.ts';
import { type Harness, serveHarness } from '../support/graph-harness.ts';
import { everyKind, hub, multiplyAdd, restarts, singleCalculation } from '../support/graphs/examples.ts';
import { spotOf } from '../support/graphs/page.ts';
import { newPage } from '../support/new-page.ts';
import { skipReason } from '../support/skips.ts';

const reason = skipReason('the graph page in Chromium', noChromium);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const examples = { singleCalculation, multiplyAdd, restarts, hub, everyKind } as const;

describe.skipIf(reason !== null)('the graph page', () => {
  let browser: Browser;
  let harness: Harness;
  beforeAll(async () => {
    harness = await serveHarness();
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    });
  });
  afterAll(async () => {
    await browser.close();
    harness.close();
  });

  async function open(
    graph: keyof typeof examples | 'archive',
    theme: 'light' | 'dark' = 'light',
  ): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(patienceMs);
    const page = await newPage(context);
    page.on('pageerror', (error) => {
      throw error;
    });
    await page.goto(`${harness.address}?graph=${graph}&theme=${theme}`);
    await page.getByText(/nodes drawn/).waitFor();
    return page;
  }

  const drawn = async (page: Page): Promise<number> =>
    Number(/^[\d,]+/.exec((await page.getByText(/nodes? drawn/).textContent())?.trim() ?? '')?.[0]);
  const panel = (page: Page) => page.getByRole('complementary', { name: 'Selected node' });
  const reader = (page: Page) => page.getByRole('tree', { name: /^Node and its neighbours/ });
  const current = (page: Page) => reader(page).getByRole('treeitem', { selected: true });
  const graph = multiplyAdd();

  test('opens on a node and its surroundings, selected and named', async () => {
    const page = await open('multiplyAdd');
    await expect.poll(() => drawn(page)).toBe(10);
    await panel(page).getByRole('heading', { name: 'MultiplyAddWorkChain' }).waitFor();
    await expect.poll(() => page.title()).toBeTruthy();
    await page
      .getByRole('heading', { level: 1, name: 'Provenance of MultiplyAddWorkChain' })
      .waitFor({ state: 'attached' });
  });

  test('selects by a click and shows what it is', async () => {
    const page = await open('multiplyAdd');
    await page.mouse.click(...(await spotOf(page, graph, 'ArithmeticAdd')));
    await panel(page).getByRole('heading', { name: 'ArithmeticAddCalculation' }).waitFor();
    await panel(page).getByText('remote_folder').waitFor();
  });

  test('lights the lineage under the pointer, and counts it', async () => {
    const page = await open('multiplyAdd');
    await page.mouse.move(...(await spotOf(page, graph, 'ArithmeticAdd')));
    await page.getByText('◂ 6 ancestors').waitFor();
    await page.getByText('3 descendants ▸').waitFor();
    await page.mouse.move(230, 790);
    await page.getByText('◂ 6 ancestors').waitFor({ state: 'detached' });
  });

  test('pins the lineage by a key and leaves it by Escape', async () => {
    const page = await open('multiplyAdd');
    await page.mouse.click(...(await spotOf(page, graph, 'multiply')));
    await page.mouse.move(230, 790);
    await page.keyboard.press('l');
    await page.getByText('◂ 2 ancestors').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('◂ 2 ancestors').waitFor({ state: 'detached' });
  });

  test('walks along links by arrow keys, and says where it is', async () => {
    const page = await open('multiplyAdd');
    await page.mouse.click(...(await spotOf(page, graph, 'multiply')));
    expect(await reader(page).evaluate('document.activeElement?.getAttribute("role")')).toBe('tree');
    await page.keyboard.press('ArrowRight');
    expect((await current(page).textContent())?.trim()).toBe('Int, data, 6');
    await page.keyboard.press('ArrowRight');
    expect((await current(page).textContent())?.trim()).toMatch(
      /^ArithmeticAddCalculation, calculation, finished/,
    );
    // The opposite key leads back, though another input lies nearer.
    await page.keyboard.press('ArrowLeft');
    expect((await current(page).textContent())?.trim()).toBe('Int, data, 6');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect((await current(page).textContent())?.trim()).toMatch(/^Int, data, [23]/);
    const active = await reader(page).getAttribute('aria-activedescendant');
    expect((await page.locator(`[id="${active}"]`).textContent())?.trim()).toMatch(/^Int, data/);
  });

  test('opens the page of the node by Enter', async () => {
    const page = await open('multiplyAdd');
    await page.mouse.click(...(await spotOf(page, graph, 'multiply')));
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).hash).toMatch(/^#\/process\//);
  });

  test('zooms about the pointer: what was under it is still under it', async () => {
    const page = await open('multiplyAdd');
    const spot = await spotOf(page, graph, 'ArithmeticAdd');
    await page.mouse.move(...spot);
    for (let k = 0; k < 6; k++) await page.mouse.wheel(0, -120);
    await page.mouse.click(...spot);
    await panel(page).getByRole('heading', { name: 'ArithmeticAddCalculation' }).waitFor();
    for (let k = 0; k < 12; k++) await page.mouse.wheel(0, 120);
    await page.mouse.click(...spot);
    await panel(page).getByRole('heading', { name: 'ArithmeticAddCalculation' }).waitFor();
  });

  test('fills a window that grows, as long as nobody has moved the view', async () => {
    const page = await open('multiplyAdd');
    await page.setViewportSize({ width: 1920, height: 1080 });
    const spot = await spotOf(page, graph, 'ArithmeticAdd');
    await page.mouse.click(...spot);
    await panel(page).getByRole('heading', { name: 'ArithmeticAddCalculation' }).waitFor();
  });

  test('pans by dragging, and a drag selects nothing', async () => {
    const page = await open('multiplyAdd');
    const [x, y] = await spotOf(page, graph, 'multiply');
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y - 150, { steps: 5 });
    await page.mouse.up();
    await panel(page).getByRole('heading', { name: 'MultiplyAddWorkChain' }).waitFor();
    // the click that ends a drag is swallowed in a turn of its own, which a busy window may come to late
    const clicked = async (): Promise<number> => {
      await page.mouse.click(x + 60, y - 150);
      return panel(page).getByRole('heading', { name: 'multiply', exact: true }).count();
    };
    await expect.poll(clicked, { interval: 1000, timeout: 30_000 }).toBe(1);
  });

  test('looks at another node by a double click, keeps the trail, and comes back by Back', async () => {
    const page = await open('multiplyAdd');
    const before = page.url();
    await page.mouse.dblclick(...(await spotOf(page, graph, 'ArithmeticAdd')));
    const trail = page.getByRole('navigation', { name: 'Visited nodes' });
    await trail.getByText('ArithmeticAddCalculation').waitFor();
    await trail.getByRole('link', { name: 'MultiplyAddWorkChain' }).waitFor();
    await expect.poll(() => page.url()).not.toBe(before);
    await page.goBack();
    await expect.poll(() => page.url()).toBe(before);
    await panel(page).getByRole('heading', { name: 'MultiplyAddWorkChain' }).waitFor();
  });

  test('closes and opens a workflow by its sign and by a key', async () => {
    const page = await open('multiplyAdd');
    await reader(page).focus();
    await page.keyboard.press('e');
    await page.getByText('5 nodes drawn').waitFor();
    await page.keyboard.press('e');
    await page.getByText('10 nodes drawn').waitFor();
  });

  test('opens a stack by its sign, and folds it again', async () => {
    const page = await open('hub');
    await expect.poll(() => drawn(page)).toBe(6);
    await page.mouse.click(...(await spotOf(page, hub(), '300 ×', { across: 0.93, down: 0.3 })));
    await page.getByText('30 nodes drawn').waitFor();
    await page.getByRole('button', { name: 'Fold and links' }).click();
    await page.getByRole('menuitem', { name: 'Fold all that was opened' }).click();
    await page.getByText('6 nodes drawn').waitFor();
  });

  test('draws what a count of hidden links stands for', async () => {
    const page = await open('hub');
    // The stub stands at the lower left corner.
    await page.mouse.click(...(await spotOf(page, hub(), '100 × Ph', { across: 0, down: 1 })));
    await page.getByText('6 nodes drawn').waitFor({ state: 'detached' });
    await expect.poll(() => drawn(page)).toBeGreaterThan(6);
  });

  test('narrows and widens by keys, and remembers it in the address', async () => {
    const page = await open('restarts');
    await page.keyboard.press('[');
    await page.getByText('1 step', { exact: true }).waitFor();
    await expect.poll(() => page.url()).toContain('steps=1');
    await page.keyboard.press(']');
    await page.keyboard.press(']');
    await page.getByText('3 steps').waitFor();
    await page.reload();
    await page.getByText('3 steps').waitFor();
  });

  test('shows processes only, and every node, as chosen', async () => {
    const page = await open('restarts');
    const standard = await drawn(page);
    await page.getByText('Processes', { exact: true }).click();
    await page.getByText('9 nodes drawn').waitFor();
    await page.getByText('Every node').click();
    await page.getByText('9 nodes drawn').waitFor({ state: 'detached' });
    await expect.poll(() => drawn(page)).toBeGreaterThan(standard);
  });

  test('finds the path between two nodes', async () => {
    const page = await open('multiplyAdd');
    await page.mouse.click(...(await spotOf(page, graph, 'Int 2')));
    await page.keyboard.press('p');
    await page.getByText('Choose the other end of the path').first().waitFor();
    await page.mouse.click(...(await spotOf(page, graph, 'Int 10')));
    await page.getByText(/^2 links from Int 2 to Int 10/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(/^2 links from Int 2 to Int 10/).waitFor({ state: 'detached' });
  });

  test('reads the same as a tree, by keyboard alone', async () => {
    const page = await open('multiplyAdd');
    await page.keyboard.press('t');
    const tree = page.getByRole('tree', { name: 'Provenance as a tree' });
    await tree.waitFor();
    await tree.focus();
    for (const key of [
      'Home',
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'ArrowRight',
      'ArrowRight',
      'ArrowRight',
    ]) {
      await page.keyboard.press(key);
    }
    // Root, its inputs, the second of them, who uses it, and the first of those.
    await panel(page)
      .getByRole('heading', { name: /multiply|MultiplyAddWorkChain/ })
      .waitFor();
    await expect.poll(() => tree.getByRole('treeitem').count()).toBeGreaterThan(9);
    await page.keyboard.press('t');
    await page.keyboard.press('End');
    await expect.poll(() => tree.getByRole('treeitem').first().getAttribute('aria-level')).toBe('1');
  });

  test('saves the picture as SVG and PNG, and copies it as DOT and Mermaid', async () => {
    const page = await open('multiplyAdd');
    const save = async (entry: string): Promise<{ name: string; bytes: Buffer }> => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: entry }).click();
      const file = await download;
      return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
    };
    const svg = await save('Save as SVG');
    expect(svg.name).toBe('MultiplyAddWorkChain-00000000.svg');
    const text = svg.bytes.toString('utf8');
    expect(text.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(text).toContain('ArithmeticAddCalculation');
    expect(text).not.toContain('oklch');
    const png = await save('Save as PNG');
    expect(png.bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(2000);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'Copy as DOT' }).click();
    await page.getByText('Copied as DOT').waitFor();
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'))
      .toContain('digraph provenance {');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'Copy as Mermaid' }).click();
    await page.getByText('Copied as Mermaid').waitFor();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toContain('flowchart LR');
  });

  test('leaves link types out and puts workflows among the others, as chosen', async () => {
    const page = await open('everyKind');
    // On a small window the legend waits to be asked.
    await page.getByRole('button', { name: 'Legend' }).click();
    const picture = async (): Promise<string> =>
      (await page.locator('.stage canvas').first().screenshot()).toString('base64');
    const framed = await picture();
    await page.getByRole('button', { name: 'Fold and links' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Workflows as frames' }).click();
    await page.getByText('Calls a calculation').first().waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(picture).not.toBe(framed);
    const nodes = await picture();
    await page.getByRole('button', { name: 'Fold and links' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Calls a calculation' }).click();
    await page.keyboard.press('Escape');
    await page.getByText('Calls a calculation').last().waitFor();
    await expect.poll(picture).not.toBe(nodes);
  });

  for (const [name, theme] of [
    ['multiplyAdd', 'light'],
    ['hub', 'dark'],
    ['everyKind', 'light'],
  ] as const) {
    test(`has nothing that axe objects to: ${name}, ${theme}, as picture and as tree`, async () => {
      const page = await open(name, theme);
      await page.addScriptTag({ path: axe });
      const violations = async (): Promise<unknown> =>
        page.evaluate(`axe.run(document.querySelector('main') ?? document).then(({ violations }) =>
          violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')))`);
      expect(await violations()).toEqual([]);
      await page.keyboard.press('t');
      await page.getByRole('tree').waitFor();
      expect(await violations()).toEqual([]);
    });
  }
});
