import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeInBothThemes } from '../support/axe.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';
import type { FakeNode, NodeDraft } from '../support/fake-core/world.ts';

const a = 5.64;
const salt = {
  cell: [
    [a, 0, 0],
    [0, a, 0],
    [0, 0, a],
  ],
  kinds: [
    { name: 'Na', symbols: ['Na'], weights: [1], mass: 22.99 },
    { name: 'Cl', symbols: ['Cl'], weights: [1], mass: 35.45 },
  ],
  sites: [
    ['Na', [0, 0, 0]],
    ['Na', [0, a / 2, a / 2]],
    ['Na', [a / 2, 0, a / 2]],
    ['Na', [a / 2, a / 2, 0]],
    ['Cl', [a / 2, a / 2, a / 2]],
    ['Cl', [a / 2, 0, 0]],
    ['Cl', [0, a / 2, 0]],
    ['Cl', [0, 0, a / 2]],
  ].map(([kind_name, position]) => ({ kind_name, position })),
  pbc1: true,
  pbc2: true,
  pbc3: true,
};

describe.skipIf(noBrowser !== null)('structures in 3D', () => {
  let stage: Stage;
  const nodes: Record<string, FakeNode> = {};
  beforeAll(async () => {
    stage = await Stage.open({ processes: 0, webgl: true });
    const add = (label: string, nodeType: string, more: Partial<NodeDraft>): void => {
      const className = nodeType.split('.').at(-2) ?? '';
      nodes[label] = stage.core.world.add({
        kind: 'data',
        nodeType,
        className,
        label,
        ctime: Date.now(),
        ...more,
      });
    };
    add('salt', 'data.core.structure.StructureData.', { attributes: salt, summary: 'Cl4Na4' });
  });
  afterAll(() => stage.close());

  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
  async function open(label: string): Promise<{ readonly page: Page; readonly complaints: string[] }> {
    const opened = await stage.page({ path: `/node/${nodes[label]?.uuid ?? ''}` });
    await heading(opened.page, label).waitFor();
    return opened;
  }
  const scene = (page: Page) => page.getByRole('application', { name: /^Structure of/ });
  const picked = (page: Page) => page.getByRole('region', { name: 'Picked atoms' });
  /** How many different colours the picture on the screen has: one where nothing is drawn. */
  async function colours(page: Page): Promise<number> {
    const shot = (await scene(page).locator('canvas').screenshot()).toString('base64');
    return page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      if (context === null) return 0;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }, shot);
  }

  it('are drawn, and nothing complains', async () => {
    const { page, complaints } = await open('salt');
    await scene(page).and(page.locator('[data-drawn]')).waitFor();
    // Balls have shades: a flat ground with letters over it has a few hundred colours at most.
    await expect.poll(() => colours(page)).toBeGreaterThan(1000);
    expect(await scene(page).getAttribute('aria-label')).toContain(
      'Structure of Cl4Na4 in 3D: 8 sites, in a cell of 5.640 × 5.640 × 5.640 Å',
    );
    await page.getByRole('complementary', { name: 'About the structure' }).getByText('2.164 g/cm³').waitFor();
    await page.getByRole('list', { name: 'Elements' }).getByText('Na').waitFor();
    expect(complaints).toEqual([]);
  });

  it('tell distances and angles of the atoms that are picked by keyboard', async () => {
    const { page } = await open('salt');
    await scene(page).and(page.locator('[data-drawn]')).waitFor();
    await scene(page).focus();
    // Without opposite faces the atoms are the sites, in their order.
    await page.getByRole('button', { name: 'What is drawn' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Atoms on opposite faces' }).click();
    await page.keyboard.press('Escape');
    await scene(page).focus();
    for (const key of ['.', ' ', '.', ' ', '.', ' ']) await page.keyboard.press(key);
    await picked(page).getByText('3.9881 Å').first().waitFor();
    await picked(page).getByText('60.00°').waitFor();
    await picked(page).getByText('0.0000 0.5000 0.5000 of a, b, c').waitFor();
    await page.keyboard.press('Escape');
    await picked(page).getByText('Pick an atom to see its place').waitFor();
  });

  it('tell the atom under the pointer', async () => {
    const { page } = await open('salt');
    await scene(page).and(page.locator('[data-drawn]')).waitFor();
    await page.getByRole('button', { name: 'Look along c' }).click();
    const box = await scene(page).boundingBox();
    if (box === null) throw new Error('the scene has no box');
    // The middle of a face of the cell, seen along its normal.
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await picked(page).getByText('Na · Site 4 + (0 0 1) · kind Na').waitFor();
    await picked(page).getByText('2.8200 2.8200 5.6400 Å').waitFor();
  });

  it('are numbers, too, from which atoms are picked', async () => {
    const { page } = await open('salt');
    await page.getByRole('radio', { name: 'Numbers' }).check({ force: true });
    const sites = page.getByRole('grid', { name: 'Sites' });
    await sites.getByRole('row').filter({ hasText: '2.8200' }).first().waitFor();
    await sites.focus();
    for (const key of ['Home', 'Enter', 'End', 'Enter']) await page.keyboard.press(key);
    await picked(page).getByText('2.8200 Å', { exact: true }).waitFor();
  });

  it('say what would be too much', async () => {
    const { page } = await open('salt');
    for (const axis of ['a', 'b', 'c']) {
      await page.getByRole('textbox', { name: `Cells along ${axis}` }).fill('20');
    }
    await page.getByText('That would be 64000 atoms. At most 50000 are drawn').waitFor();
    for (const axis of ['a', 'b', 'c']) {
      await page.getByRole('textbox', { name: `Cells along ${axis}` }).fill('2');
    }
    await scene(page).and(page.locator('[data-drawn]')).waitFor();
  });

  it('are clean for axe in both themes', async () => {
    const { page } = await open('salt');
    await scene(page).and(page.locator('[data-drawn]')).waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
  });
});
