import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeInBothThemes } from '../support/axe.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';
import type { FakeNode } from '../support/fake-core/world.ts';
import { npyOf } from '../support/npy.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** One window for all: each test goes to the page of another node. */
describe.skipIf(noBrowser !== null)('the viewers of data', () => {
  let stage: Stage;
  let page: Page;
  let complaints: readonly string[];
  const nodes: Record<string, FakeNode> = {};

  beforeAll(async () => {
    stage = await Stage.open({ processes: 1 });
    const add = (
      label: string,
      nodeType: string,
      attributes: object,
      files: Readonly<Record<string, Uint8Array>> = {},
    ): void => {
      nodes[label] = stage.core.world.add({
        kind: 'data',
        nodeType,
        className: nodeType.split('.').at(-2) ?? '',
        label,
        ctime: Date.now(),
        attributes: { ...attributes },
        files: new Map(Object.entries(files)),
      });
    };
    const cubic = [
      [4, 0, 0],
      [0, 4, 0],
      [0, 0, 4],
    ];
    const path = { cell: cubic, labels: ['GAMMA', 'X'], label_numbers: [0, 4] };
    const kpoints = npyOf(
      [5, 3],
      range(5).flatMap((i) => [i / 8, 0, 0]),
    );
    add(
      'a semiconductor',
      'data.core.array.bands.BandsData.',
      { ...path, units: 'eV', 'array|bands': [5, 2], 'array|kpoints': [5, 3], 'array|occupations': [5, 2] },
      {
        'bands.npy': npyOf(
          [5, 2],
          range(5).flatMap((i) => [5 - i, 8 - i / 4]),
        ),
        'kpoints.npy': kpoints,
        'occupations.npy': npyOf(
          [5, 2],
          range(5).flatMap(() => [2, 0]),
        ),
      },
    );
    add('a path', 'data.core.array.kpoints.KpointsData.', path, { 'kpoints.npy': kpoints });
    add('a mesh', 'data.array.kpoints.KpointsData.', { mesh: [8, 8, 4], offset: [0.5, 0.5, 0], cell: cubic });
    add(
      'orbitals',
      'data.core.array.projection.ProjectionData.',
      {
        orbital_dicts: [
          { kind_name: 'Ga', angular_momentum: 0, magnetic_number: 0 },
          { kind_name: 'As', angular_momentum: 1, magnetic_number: 1 },
        ],
        ...Object.fromEntries(
          [0, 1].flatMap((i) => [
            [`array|pdos_array_${i}`, [3]],
            [`array|energy_array_${i}`, [3]],
          ]),
        ),
      },
      Object.fromEntries(
        [0, 1].flatMap((i) => [
          [`pdos_array_${i}.npy`, npyOf([3], [0, i + 1, 0])],
          [`energy_array_${i}.npy`, npyOf([3], [-1, 0, 1])],
        ]),
      ),
    );
    add(
      'a plane',
      'data.core.array.ArrayData.',
      { 'array|density': [20, 30] },
      {
        'density.npy': npyOf([20, 30], range(600)),
      },
    );
    add(
      'a large array',
      'data.core.array.ArrayData.',
      { 'array|huge': [3, 1_000_000] },
      {
        'huge.npy': npyOf([3, 1_000_000], range(3_000_000)),
      },
    );
    const line = `${'x'.repeat(99)}\n`;
    add(
      'a folder',
      'data.core.folder.FolderData.',
      {},
      {
        'core.bin': new Uint8Array([0, 1, 2, 0x53, 0x74, 0x65, 0x6d, 0x6d, 0x61]),
        'long.out': text(`first line\n${line.repeat(25_000)}the last line\n`),
        'short.out': text(
          range(400)
            .map((i) => `line ${i + 1}`)
            .join('\n'),
        ),
      },
    );
    add(
      'a potential',
      'data.pseudo.upf.UpfData.',
      { element: 'Si', filename: 'Si.upf', md5: 'a'.repeat(32) },
      {
        'Si.upf': text(
          '<UPF version="2.0.1">\n<PP_HEADER element="Si" pseudo_type="NC" z_valence="4.0"/>\n</UPF>',
        ),
      },
    );
    ({ page, complaints } = await stage.page({ path: '' }));
  });
  // bits-ui asks for the trigger of a tooltip once more after the page below the pointer has gone; that is a warning of Svelte.
  afterEach(() => expect(complaints.filter((words) => !words.includes('derived_inert'))).toEqual([]));
  afterAll(() => stage.close());

  async function open(label: string, query = ''): Promise<void> {
    await stage.goTo(page, `/node/${nodes[label]?.uuid ?? ''}${query}`);
    await page.getByRole('heading', { level: 1, name: label, exact: true }).waitFor();
  }
  const told = (name: RegExp) =>
    expect.poll(() => page.getByRole('slider', { name }).getAttribute('aria-valuetext'));
  async function saved(entry: string): Promise<string> {
    await page.getByRole('button', { name: 'Save the plot' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: entry }).click(),
    ]);
    return readFileSync(await download.path(), 'utf8');
  }
  const clean = async (): Promise<void> => expect(await axeInBothThemes(page)).toEqual([]);

  it('say the gap of bands and where it is, go along them by keys, and count from another zero', async () => {
    await open('a semiconductor');
    await page.getByText('Indirect band gap of 2 eV, from Γ to X (by the occupations)').waitFor();
    const plot = page.getByRole('slider', { name: /^Band structure/ });
    await plot.focus();
    await page.keyboard.press('Home');
    await told(/^Band structure/).toBe('Γ: 0 eV');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await told(/^Band structure/).toBe('X: 2 eV');
    await page.getByText('As stored', { exact: true }).click();
    await plot.focus();
    await page.keyboard.press('End');
    await told(/^Band structure/).toBe('X: 7 eV');
    await clean();
  });

  it('go closer to a plot by keys and by a box, and back to the whole', async () => {
    const whole = page.getByRole('button', { name: 'The whole plot' });
    await expect.poll(() => whole.isDisabled()).toBe(true);
    await page.getByRole('slider', { name: /^Band structure/ }).focus();
    await page.keyboard.press('+');
    await expect.poll(() => whole.isDisabled()).toBe(false);
    await page.keyboard.press('0');
    await expect.poll(() => whole.isDisabled()).toBe(true);
    const box = await page.getByRole('slider', { name: /^Band structure/ }).boundingBox();
    const at = (x: number, y: number) =>
      page.mouse.move((box?.x ?? 0) + x * (box?.width ?? 0), (box?.y ?? 0) + y * (box?.height ?? 0));
    await at(0.4, 0.3);
    await page.mouse.down();
    await at(0.7, 0.6);
    await page.mouse.up();
    await expect.poll(() => whole.isDisabled()).toBe(false);
    await whole.click();
    await expect.poll(() => whole.isDisabled()).toBe(true);
  });

  it('save a plot as a picture that stands alone, and its numbers', async () => {
    const svg = await saved('Save the picture as SVG');
    expect(svg).toMatch(/^<svg xmlns=/);
    expect(svg).toContain('Energy (eV)');
    expect(svg).not.toContain('var(');
    expect(await saved('Save the numbers as CSV')).toMatch(
      /^Wave vector \(Å⁻¹\),Bands 1,Bands 2\r\n0,5,8\r\n/,
    );
    expect((await saved('Save the picture as PNG')).slice(1, 4)).toBe('PNG');
  });

  it('draw a path in the Brillouin zone, which turns by keys', async () => {
    await open('a path');
    const zone = page.getByRole('slider', { name: /Brillouin zone with the path GAMMA – X/ });
    await zone.waitFor();
    const before = await zone.getAttribute('aria-valuetext');
    await zone.focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => zone.getAttribute('aria-valuetext')).not.toBe(before);
    await page.keyboard.press('Home');
    await expect.poll(() => zone.getAttribute('aria-valuetext')).toBe(before);
    await page.getByRole('grid', { name: 'k-points' }).getByText('Γ').waitFor();
    await clean();
  });

  it('say a mesh in words, also of a type of AiiDA before 2', async () => {
    await open('a mesh');
    await page.getByText('256 points before symmetry').waitFor();
    await page
      .getByText(/shifted by half a step along b₁, b₂\. Its points lie 0\.196, 0\.196, 0\.393 Å⁻¹ apart/)
      .waitFor();
  });

  it('sum projected densities as a person wants, and leave out what is switched off', async () => {
    await open('orbitals');
    const legend = page.getByRole('button', { name: 'Ga', exact: true });
    await expect.poll(() => legend.getAttribute('aria-pressed')).toBe('true');
    await legend.click();
    await expect.poll(() => legend.getAttribute('aria-pressed')).toBe('false');
    await page.getByText('Sum', { exact: true }).click();
    const plot = page.getByRole('slider', { name: /^Projected density of states/ });
    await plot.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await told(/^Projected density/).toBe('Energy (as stored) 0: 3');
  });

  it('show a plane as an image, its values by keys, and how they are spread', async () => {
    await open('a plane');
    await page.getByText('Image', { exact: true }).click();
    const image = page.getByRole('slider', { name: 'Image of density' });
    await image.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await told(/^Image of density/).toBe('row 1, column 0: 30.0');
    await clean();
    await page.getByText('Histogram', { exact: true }).click();
    await page.getByRole('slider', { name: 'Histogram of density' }).waitFor();
  });

  it('read a large array in parts, and count all of it when asked to', async () => {
    await open('a large array');
    const figures = page.getByLabel('Figures of huge');
    await figures.getByText('1999999', { exact: true }).waitFor();
    await page.getByRole('textbox', { name: 'Part' }).fill('2');
    await figures.getByText('2999999', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Figures of all values' }).click();
    await page.getByText('The figures are those of all values.').waitFor();
    await figures
      .getByText('1499999.5', { exact: true })
      .or(figures.getByText('1500000', { exact: true }))
      .waitFor();
  });

  it('show a binary file as bytes, and go to a line of a text', async () => {
    await open('a folder', `?file=${nodes['a folder']?.uuid ?? ''}:core.bin`);
    await page.getByText('00000000  00 01 02 53 74 65 6d 6d  61').waitFor();
    await page.getByRole('treeitem', { name: 'short.out' }).click();
    await page.getByRole('searchbox', { name: 'Find in short.out' }).fill(':321');
    await page.getByText('line 321', { exact: true }).waitFor();
  });

  it('show a large text part by part, and its end at once', async () => {
    await page.getByRole('treeitem', { name: 'long.out' }).click();
    await page.getByText('part 1 of 2').waitFor();
    await page.getByRole('button', { name: 'The last part' }).click();
    await page.getByText('part 2 of 2').waitFor();
    await page.getByRole('searchbox', { name: 'Find in long.out' }).fill('the last line');
    await page.getByText('1 of 1').waitFor();
  });

  it('say the head of a pseudopotential in words', async () => {
    await open('a potential');
    const facts = page.getByRole('region', { name: 'Pseudopotential' });
    await facts.getByText('norm-conserving').waitFor();
    await facts.getByText('4 e', { exact: true }).waitFor();
    await clean();
  });
});
