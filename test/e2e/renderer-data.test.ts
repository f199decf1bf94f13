import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeInBothThemes } from '../support/axe.ts';
import { addProcess } from '../support/fake-core/build-process.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';
import type { FakeNode, NodeDraft } from '../support/fake-core/world.ts';

const arrays = JSON.parse(
  readFileSync(new URL('../shared/npy/numpy-arrays.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, { readonly npy: string }>>;
const npy = (name: string): Uint8Array => new Uint8Array(Buffer.from(arrays[name]?.npy ?? '', 'base64'));
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
/** A red pixel. */
const png = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
    'base64',
  ),
);

describe.skipIf(noBrowser !== null)('data and the page of a node', () => {
  let stage: Stage;
  const nodes: Record<string, FakeNode> = {};
  beforeAll(async () => {
    stage = await Stage.open({ processes: 40 });
    const { world } = stage.core;
    const add = (label: string, nodeType: string, more: Partial<NodeDraft> = {}): FakeNode => {
      const className = nodeType.split('.').at(-2) ?? '';
      const made = world.add({ kind: 'data', nodeType, className, label, ctime: Date.now(), ...more });
      nodes[label] = made;
      return made;
    };
    add('an integer', 'data.core.int.Int.', { attributes: { value: 1_048_576 }, summary: '1048576' });
    add('a dict', 'data.core.dict.Dict.', {
      attributes: { energy: -310.7, nested: { fermi: 6.2, units: 'eV' }, 'symbols list': ['Si', 'Ge'] },
      summary: '3 keys',
    });
    add('a structure', 'data.core.structure.StructureData.', {
      summary: 'Si2',
      attributes: {
        cell: [
          [0, 2.715, 2.715],
          [2.715, 0, 2.715],
          [2.715, 2.715, 0],
        ],
        kinds: [{ name: 'Si', symbols: ['Si'], weights: [1], mass: 28 }],
        sites: [
          { kind_name: 'Si', position: [0, 0, 0] },
          { kind_name: 'Si', position: [1.3575, 1.3575, 1.3575] },
        ],
        pbc1: true,
        pbc2: true,
        pbc3: true,
      },
    });
    add('an array', 'data.core.array.ArrayData.', {
      attributes: { 'array|cube': [2, 3, 4] },
      files: new Map([['cube.npy', npy('float64, columns first')]]),
    });
    add('a broken array', 'data.core.array.ArrayData.', {
      attributes: { 'array|x': [2] },
      files: new Map([['x.npy', text('this is no array')]]),
    });
    add('a picture', 'data.core.singlefile.SinglefileData.', {
      attributes: { filename: 'plot.png' },
      files: new Map([['plot.png', png]]),
    });
    add('a stranger', 'data.strange.Thing.', { attributes: { what: 'nobody knows' } });
    const process = addProcess(world, {
      kind: 'calculation-function',
      className: 'make_it',
      label: 'the maker',
      state: 'finished',
      ctime: Date.now(),
    });
    nodes['the maker'] = process;
    const made = add('made', 'data.core.float.Float.', { attributes: { value: 1.5 }, summary: '1.5' });
    world.link(process, made, 'create', 'result');
    for (let i = 0; i < 320; i++) add(`crowd ${i}`, 'data.core.str.Str.', { attributes: { value: `${i}` } });
  });
  afterAll(() => stage.close());

  const nodeOf = (label: string): FakeNode => {
    const node = nodes[label];
    if (node === undefined) throw new Error(`no node ${label}`);
    return node;
  };
  const grid = (page: Page) => page.getByRole('grid', { name: 'Nodes' });
  const rowWith = (page: Page, name: string) =>
    grid(page)
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name, exact: true }) });
  /** Polling from here: the content policy lets no text be run again inside of the page. */
  const at = (page: Page, part: string) => expect.poll(() => new URL(page.url()).hash).toContain(part);
  const types = (page: Page) => page.getByRole('tree', { name: 'Types' });
  const filterBox = (page: Page) => page.getByRole('combobox', { name: 'Filter the nodes' });
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
  const toast = (page: Page, words: string | RegExp) =>
    page.getByRole('region', { name: 'Messages' }).getByText(words).or(page.getByText(words)).first();

  async function list(query = '', options = {}): Promise<Page> {
    const { page } = await stage.page({ path: `/data${query}`, ...options });
    await grid(page).waitFor();
    return page;
  }
  async function nodePage(label: string, query = ''): Promise<Page> {
    const { page } = await stage.page({ path: `/node/${nodeOf(label).uuid}${query}` });
    await heading(page, label).waitFor();
    return page;
  }

  describe('the list', () => {
    it('shows data newest first, and processes when they are asked for', async () => {
      const page = await list();
      await rowWith(page, 'crowd 319').waitFor();
      await expect.poll(() => page.getByText('the maker').count()).toBe(0);
      await page.getByRole('switch', { name: 'All nodes' }).click();
      await at(page, 'all=true');
      await filterBox(page).fill('label:"the maker"');
      await rowWith(page, 'the maker').waitFor();
      await expect.poll(() => page.getByText(/^1 found$/).count()).toBe(1);
    });

    it('draws only what is on screen, and brings the rest as the screen gets there', async () => {
      const page = await list('?filter=label:~crowd');
      await rowWith(page, 'crowd 319').waitFor();
      await expect.poll(() => grid(page).getByRole('row').count()).toBeLessThan(60);
      await expect.poll(() => grid(page).getAttribute('aria-rowcount')).toBe('321');
      await grid(page).focus();
      await page.keyboard.press('End');
      await rowWith(page, 'crowd 0').waitFor();
    });

    it('narrows to a type by the tree at the left, by keyboard too', async () => {
      const page = await list();
      await types(page)
        .getByRole('treeitem', { name: /StructureData/ })
        .click();
      await at(page, 'type=data.core.structure.StructureData.');
      await rowWith(page, 'a structure').waitFor();
      await rowWith(page, 'crowd 319').waitFor({ state: 'detached' });
      await types(page).focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.url()).not.toContain('type=');
      await rowWith(page, 'crowd 319').waitFor();
      const all = types(page).getByRole('treeitem', { name: /All data/ });
      await expect.poll(() => all.getAttribute('aria-selected')).toBe('true');
    });

    it('takes the filter language, offers what may come next, and says what is wrong', async () => {
      const page = await list();
      await page.keyboard.press('/');
      await page.keyboard.type('type:Di');
      await page.keyboard.type('ct');
      await rowWith(page, 'a dict').waitFor();
      await rowWith(page, 'crowd 319').waitFor({ state: 'detached' });
      await filterBox(page).fill('');
      await page.keyboard.type('la');
      await page.getByRole('option', { name: /^label/ }).waitFor();
      await filterBox(page).fill('pk:many');
      await page.getByText(/whole number/).waitFor();
      await expect.poll(() => filterBox(page).getAttribute('aria-invalid')).toBe('true');
    });

    it('says in words that nothing fits, and leads out of it', async () => {
      const page = await list('?filter=label:nothinglikethis');
      await page.getByRole('heading', { name: 'No data fits the filter' }).waitFor();
      await page.getByRole('button', { name: 'Clear the filter' }).last().click();
      await rowWith(page, 'crowd 319').waitFor();
    });

    it('opens by keyboard, and Back comes to the same row', async () => {
      const page = await list('?filter=label:~crowd');
      await rowWith(page, 'crowd 319').waitFor();
      await grid(page).focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await heading(page, 'crowd 317').waitFor();
      await page.goBack();
      await grid(page).locator('.row.active').filter({ hasText: 'crowd 317' }).waitFor();
    });

    it('shows by itself what came in while the first rows are on screen, and else offers it', async () => {
      const { world } = stage.core;
      const page = await list('?filter=label:~crowd%20OR%20label:~newcomer');
      await rowWith(page, 'crowd 319').waitFor();
      const arrive = (label: string): void => {
        world.add({
          kind: 'data',
          nodeType: 'data.core.int.Int.',
          className: 'Int',
          label,
          ctime: Date.now(),
        });
        addProcess(world, { kind: 'workflow', className: 'Other', state: 'finished', ctime: Date.now() });
        world.touch();
      };
      arrive('newcomer 1');
      await rowWith(page, 'newcomer 1').waitFor();
      await grid(page).focus();
      await page.keyboard.press('PageDown');
      await page.keyboard.press('PageDown');
      arrive('newcomer 2');
      await page.getByRole('button', { name: 'There may be newer nodes: reload' }).click();
      await rowWith(page, 'newcomer 2').waitFor();
    });

    it('puts a selection into a new group, and takes it out again by Undo', async () => {
      const page = await list('?filter=label:~crowd');
      await rowWith(page, 'crowd 319').waitFor();
      await grid(page).focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('Shift+ArrowDown');
      await page.getByText('3 nodes selected').waitFor();
      await page.keyboard.press('m');
      const dialog = page.getByRole('dialog', { name: 'Add 3 nodes to a group' });
      await dialog.getByRole('combobox', { name: 'Group' }).fill('three of the crowd');
      await dialog.getByText('A new group “three of the crowd” is made.').waitFor();
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await toast(page, /3 nodes are now in/).waitFor();
      const group = () => stage.core.world.groups.find(({ label }) => label === 'three of the crowd');
      expect(group()?.nodes.size).toBe(3);
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect.poll(() => group()?.nodes.size).toBe(0);
    });

    it('hands a selection to the export, and one node by its address', async () => {
      const page = await list('?filter=label:~crowd');
      await rowWith(page, 'crowd 319').waitFor();
      await grid(page).focus();
      await page.keyboard.press('Control+a');
      await page.getByText('320 nodes selected').waitFor();
      await page
        .getByRole('toolbar', { name: 'Selected nodes' })
        .getByRole('button', { name: /Export/ })
        .click();
      await at(page, '#/archives?export=selection');
      const other = await nodePage('an integer');
      const link = other.getByRole('link', { name: 'Export…' });
      await expect
        .poll(() => link.getAttribute('href'))
        .toBe(`#/archives?export=${nodeOf('an integer').uuid}`);
    });

    it('is reached from the palette with what was typed', async () => {
      const page = await list();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search and commands' }).fill('a dict');
      await page.getByRole('option', { name: /All nodes with “a dict”/ }).click();
      await at(page, '#/data?all=true&filter=a+dict');
      await rowWith(page, 'a dict').waitFor();
    });
  });

  describe('the page of a node', () => {
    it('shows a value large, with its digits in groups', async () => {
      const page = await nodePage('an integer');
      await expect.poll(() => page.getByRole('status', { name: 'Value' }).textContent()).toBe('1048576');
      await page.getByText('1\u2009048\u2009576').waitFor();
      await page.getByRole('button', { name: 'Copy the value' }).click();
      await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe('1048576');
    });

    it('searches in a dict, and shows only what fits with the way to it', async () => {
      const page = await nodePage('a dict');
      const tree = page.getByRole('tree', { name: 'Value' });
      await tree.getByText('fermi').waitFor();
      await page.getByRole('searchbox', { name: 'Search in Value' }).fill('ge');
      await page.getByText('1 found').waitFor();
      await tree.getByText('"Ge"').waitFor();
      await expect.poll(() => tree.getByText('fermi').count()).toBe(0);
      await page.getByRole('searchbox').fill('nothing like this');
      await page.getByText('Nothing fits').waitFor();
    });

    it('shows cell and sites of a structure', async () => {
      const page = await nodePage('a structure');
      await page.getByRole('radio', { name: 'Numbers' }).check({ force: true });
      const cell = page.getByRole('table', { name: 'Cell' });
      await expect.poll(() => cell.getByRole('row').nth(1).textContent()).toMatch(/3\.8396.*60\.00°/);
      const sites = page.getByRole('grid', { name: 'Sites' });
      await sites.getByRole('row').filter({ hasText: '0.2500' }).waitFor();
      await page.getByRole('img', { name: 'Si2' }).waitFor();
    });

    it('shows shape, figures and values of an array, slice by slice', async () => {
      const page = await nodePage('an array');
      const values = page.getByRole('grid', { name: 'Values of cube' });
      await values.waitFor();
      await page.getByText('2 × 3 × 4').waitFor();
      await page.getByText('float64').waitFor();
      // NumPy: (np.arange(24).reshape(2, 3, 4) / 3).max() and [1, 2, 3]
      await page.getByText('7.666667').waitFor();
      await page.getByRole('textbox', { name: 'Index on axis 0' }).fill('1');
      await page.getByText('[1, :, :]').waitFor();
      await values.getByText('7.666666667').waitFor();
    });

    it('says in words what is wrong with an array', async () => {
      const page = await nodePage('a broken array');
      await page.getByText(/This is no file of a NumPy array/).waitFor();
    });

    it('shows a picture', async () => {
      const page = await nodePage('a picture');
      await page.getByRole('img', { name: 'plot.png' }).waitFor();
      await page.getByText('1 × 1').waitFor();
    });

    it('shows the attributes of a type that nobody wrote a viewer for', async () => {
      const page = await nodePage('a stranger');
      await expect
        .poll(() => page.getByRole('tab', { selected: true }).textContent())
        .toContain('Attributes');
      await page.getByText('"nobody knows"').waitFor();
    });

    it('leads to the process that made it, and from there back', async () => {
      const page = await nodePage('made');
      await page.getByRole('tab', { name: /Provenance/ }).click();
      const links = page.getByRole('grid', { name: 'Incoming links' });
      const row = links.getByRole('row').filter({ hasText: 'result' });
      await row.getByText('created').waitFor();
      await links.focus();
      await page.keyboard.press('Enter');
      await heading(page, 'the maker').waitFor();
      expect(new URL(page.url()).hash).toMatch(/^#\/process\//);
    });

    it('of a process leads to its own page', async () => {
      const page = await nodePage('the maker');
      await page.getByRole('link', { name: 'Process page' }).click();
      await at(page, '#/process/');
    });

    it('changes label and description, and takes that back', async () => {
      const page = await nodePage('crowd 5');
      await page.keyboard.press('l');
      const dialog = page.getByRole('dialog', { name: 'Label and description' });
      await dialog.getByRole('textbox', { name: 'Label' }).fill('one of many');
      await dialog.getByRole('textbox', { name: 'Description' }).fill('and described');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await heading(page, 'one of many').waitFor();
      await page.getByText('and described').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await heading(page, 'crowd 5').waitFor();
      expect(nodeOf('crowd 5').description).toBe('');
    });

    it('adds, changes and removes extras, and refuses keys that are none', async () => {
      const page = await nodePage('crowd 6', '?tab=extras');
      await page.getByRole('button', { name: 'Add an extra…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add an extra' });
      await dialog.getByRole('textbox', { name: 'Key' }).fill('a.b');
      await dialog.getByText('A key has no dots.').waitFor();
      await dialog.getByRole('textbox', { name: 'Key' }).fill('reviewed');
      await dialog.getByRole('textbox', { name: 'Value' }).fill('[1, 2');
      await dialog.getByText(/Not valid JSON/).waitFor();
      await dialog.getByRole('textbox', { name: 'Value' }).fill('true');
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByRole('tree', { name: 'Extras' }).getByText('reviewed').waitFor();
      expect(nodeOf('crowd 6').extras).toEqual({ reviewed: true });
      await page.getByRole('button', { name: 'Change reviewed…' }).click();
      const change = page.getByRole('dialog', { name: 'Change the extra “reviewed”' });
      await change.getByRole('textbox', { name: 'Value' }).fill('by a friend');
      await change.getByRole('button', { name: 'Change' }).click();
      await page.getByText('"by a friend"').waitFor();
      await page.getByRole('button', { name: 'Remove reviewed' }).click();
      await page.getByRole('heading', { name: 'No extras' }).waitFor();
      expect(nodeOf('crowd 6').extras).toEqual({});
    });

    it('keeps comments, and asks before one is removed', async () => {
      const page = await nodePage('crowd 7', '?tab=comments');
      await page.getByRole('textbox', { name: 'New comment' }).fill('Looks right to me.');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('list', { name: 'Comments' }).getByText('Looks right to me.').waitFor();
      await page.getByRole('button', { name: 'Remove the comment…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Remove this comment?' });
      await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
      await page.getByRole('heading', { name: 'No comments' }).waitFor();
      expect(nodeOf('crowd 7').comments).toEqual([]);
    });

    it('is found by the beginning of its UUID or its PK, and says when there is none', async () => {
      const node = nodeOf('a structure');
      const { page } = await stage.page({ path: `/node/${node.uuid.slice(0, 8)}` });
      await heading(page, 'a structure').waitFor();
      await expect.poll(() => page.url()).toContain(node.uuid);
      await stage.goTo(page, '/node/99999999');
      await page.getByText(/No node here has the PK 99999999/).waitFor();
      await stage.goTo(page, '/node/00000000-0000-4000-8000-00000000dead');
      await page.getByRole('link', { name: 'All data' }).waitFor();
    });
  });

  const scenes: Readonly<Record<string, () => string>> = {
    'the list': () => '/data?all=true',
    'an empty list': () => '/data?filter=label:nothinglikethis',
    'a structure': () => `/node/${nodeOf('a structure').uuid}`,
    'an array': () => `/node/${nodeOf('an array').uuid}`,
    'a dict': () => `/node/${nodeOf('a dict').uuid}`,
    links: () => `/node/${nodeOf('made').uuid}?tab=links`,
    extras: () => `/node/${nodeOf('made').uuid}?tab=extras`,
    comments: () => `/node/${nodeOf('made').uuid}?tab=comments`,
    'a node that is not there': () => '/node/00000000-0000-4000-8000-00000000dead',
  };
  describe.each(Object.keys(scenes))('%s', (name) => {
    it('is clean for axe in both themes, and nothing complains', async () => {
      const { page, complaints } = await stage.page({ path: scenes[name]?.() ?? '' });
      await page.waitForTimeout(400);
      expect(await axeInBothThemes(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });
});
