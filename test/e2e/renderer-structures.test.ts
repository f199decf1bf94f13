import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cifBlocks } from '#shared/structure/cif/blocks.ts';
import { readCifCrystal } from '#shared/structure/cif/read-crystal.ts';
import { axeInBothThemes } from '../support/axe.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';
import type { FakeNode, NodeDraft } from '../support/fake-core/world.ts';
import { npyFile } from '../support/npy-file.ts';

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

const copper = `data_copper
_chemical_formula_sum Cu
_journal_year 1999
_cell_length_a 3.61
_cell_length_b 3.61
_cell_length_c 3.61
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'F m m m'
loop_
_symmetry_equiv_pos_as_xyz
x,y,z
x+1/2,y+1/2,z
x+1/2,y,z+1/2
x,y+1/2,z+1/2
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Cu1 0 0 0
`;

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
    const steps = [0, 1, 2, 3];
    add('a walk', 'data.core.array.trajectory.TrajectoryData.', {
      attributes: {
        symbols: ['O', 'H', 'H'],
        'array|positions': [4, 3, 3],
        'array|cells': [4, 3, 3],
        'array|steps': [4],
        'array|energy': [4],
        energy_units: 'eV',
      },
      files: new Map([
        [
          'positions.npy',
          npyFile(
            [4, 3, 3],
            steps.flatMap((s) => [s, 1, 1, s, 1.76, 1.6, s, 0.24, 1.6]),
          ),
        ],
        [
          'cells.npy',
          npyFile(
            [4, 3, 3],
            steps.flatMap((s) => [6 + s, 0, 0, 0, 6, 0, 0, 0, 6]),
          ),
        ],
        ['steps.npy', npyFile([4], [0, 10, 20, 30])],
        ['energy.npy', npyFile([4], [-10.5, -11.25, -11.5, -11.375])],
      ]),
    });
    const cif = (text: string): NodeDraft['files'] => new Map([['made.cif', new TextEncoder().encode(text)]]);
    add('a crystal', 'data.core.cif.CifData.', {
      attributes: { filename: 'made.cif', md5: '' },
      files: cif(copper),
    });
    add('a broken crystal', 'data.core.cif.CifData.', {
      attributes: { filename: 'made.cif', md5: '' },
      files: cif(copper.replace('3.61', 'about 3')),
    });
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
    const count: unknown = await page.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob('${shot}'), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      return new Set(new Uint32Array(data.buffer)).size;
    })()`);
    return Number(count);
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

  it('are numbers alone, with a word, where there is no WebGL', async () => {
    const { page } = await stage.page({ path: '/data' });
    await page.evaluate('HTMLCanvasElement.prototype.getContext = () => null');
    await stage.goTo(page, `/node/${nodes['salt']?.uuid ?? ''}`);
    await page.getByText('This window cannot draw in 3D').waitFor();
    await page.getByRole('grid', { name: 'Sites' }).waitFor();
  });

  it('are saved as files that say the same, with the cells that are drawn', async () => {
    const { page } = await open('salt');
    await scene(page).and(page.locator('[data-drawn]')).waitFor();
    await page.getByRole('textbox', { name: 'Cells along c' }).fill('2');
    const saved = async (label: string): Promise<{ readonly name: string; readonly bytes: Buffer }> => {
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const coming = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: label }).click();
      const download = await coming;
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const cif = await saved('CIF');
    expect(cif.name).toBe('salt.cif');
    const [block] = cifBlocks(cif.bytes.toString());
    expect(block === undefined ? 0 : readCifCrystal(block).crystal.sites.length).toBe(16);
    expect((await saved('XYZ, extended')).bytes.toString()).toMatch(/^16\nLattice="5\.64.* 11\.28/);
    expect((await saved('POSCAR of VASP')).bytes.toString()).toContain('\nNa Cl\n8 8\nCartesian\n');
    const png = await saved('Picture as PNG');
    expect(png.name).toBe('salt.png');
    const box = await scene(page).boundingBox();
    // The width, big-endian, stands in the first block of a PNG.
    expect(png.bytes.readUInt32BE(16)).toBe(Math.floor((box?.width ?? 0) * 3));
    expect((await saved('Picture as SVG')).bytes.toString()).toMatch(/^<svg [^]*<circle [^]*<\/svg>\n$/);
  });

  it('of a trajectory go step by step, with what each step is', async () => {
    const { page, complaints } = await open('a walk');
    await page.getByText('4 steps of 3 atoms').waitFor();
    await page.getByText('Step 1 of 4', { exact: true }).waitFor();
    const slider = page.getByRole('slider', { name: 'Step' });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('Step 2 of 4 · number 10').waitFor();
    const about = page.getByRole('complementary', { name: 'About the structure' });
    await about.getByText('7.0000 Å').waitFor();
    await about.getByText('−11.25 eV').waitFor();
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByText('Step 4 of 4 · number 30').waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await about.getByText('9.0000 Å').waitFor();
    await scene(page).and(page.locator('[data-drawn]')).waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('of a CIF have all their images, and its head beside them', async () => {
    const { page, complaints } = await open('a crystal');
    const about = page.getByRole('complementary', { name: 'About the structure' });
    await about.getByText('F m m m').waitFor();
    await about.getByText('4 Cu').waitFor();
    await about.getByText('1999').waitFor();
    await page.getByRole('radio', { name: 'Text' }).check({ force: true });
    await page.getByText('_journal_year 1999').waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('of a CIF with a mistake say its line', async () => {
    const { page } = await open('a broken crystal');
    await page.getByText('Line 4: the value “3” belongs to no name').waitFor();
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
