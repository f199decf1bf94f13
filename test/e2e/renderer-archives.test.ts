import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe.skipIf(noBrowser !== null)('archives', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 60 });
  });
  afterAll(() => stage.close());

  /** A file of that name; the fake core knows by the name what is in it. */
  function fileNamed(name: string): string {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, 'an archive');
    return path;
  }

  async function choose(page: Page, name: string, button = 'Choose an archive…'): Promise<void> {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: button }).click(),
    ]);
    await chooser.setFiles(fileNamed(name));
  }

  /** Data that most processes have as their input. */
  function commonInput(): string {
    const { nodes, outgoing } = stage.core.world;
    const uses = (pk: number): number => outgoing.get(pk)?.length ?? 0;
    const data = [...nodes.values()].filter(({ kind }) => kind === 'data');
    return data.toSorted((a, b) => uses(b.pk) - uses(a.pk))[0]?.uuid ?? '';
  }

  it('shows what is in a chosen file before anything is stored, imports it, and reports', async () => {
    const { page, complaints } = await stage.page({ path: '/archives' });
    await choose(page, 'paper.aiida');
    await page.getByRole('heading', { level: 1, name: 'Import paper.aiida' }).waitFor();
    await page.getByText('An import brings 299 nodes').waitFor();
    const facts = page.getByRole('region', { name: 'The archive' });
    for (const text of ['main_0001', 'AiiDA 2.6.3', '2026-03-10 20:49:47', 'silicon, bands', 'granite']) {
      await facts.getByText(text, { exact: true }).waitFor();
    }
    await page.getByRole('row', { name: 'Nodes 311 299 12' }).waitFor();
    await page.getByText('comes in as “silicon (Imported #0)”').waitFor();
    await page.getByRole('button', { name: 'Import 299 nodes' }).click();
    const report = page.getByRole('region', { name: 'Merge report' });
    await report.getByText('299 nodes, 820 links, 90 files, 2 groups and 12 log lines came in.').waitFor();
    await report.getByRole('link', { name: /^Show the group/ }).click();
    await page.getByRole('grid', { name: 'Nodes of the group' }).getByRole('link').first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('recognises the records of another system, says what is inferred, and imports them', async () => {
    const { page, complaints } = await stage.page({ path: '/archives' });
    await choose(page, 'monitoring.db', 'A file of Parsl or FireWorks…');
    const records = page.getByRole('region', { name: 'The records' });
    await records.getByText('holds records of Parsl: it is a database with the tables').waitFor();
    await records.getByText('Parsl recorded 9, and 9 are inferred').waitFor();
    await records.getByText('9 links: Parsl records that one waited').waitFor();
    await page.getByRole('button', { name: 'Import 299 nodes' }).click();
    await page.getByRole('region', { name: 'Merge report' }).waitFor();
    await page.goBack();
    await choose(page, 'notes.json', 'A file of Parsl or FireWorks…');
    await page.getByText('“notes.json” holds no records that can be read here').waitFor();
    await page.getByRole('link', { name: 'Choose something else' }).click();
    await page.getByRole('heading', { level: 1, name: 'Archives' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('tells how far the comparison of a large archive is, stops it, and compares again when asked', async () => {
    const { page, complaints } = await stage.page({ path: '/archives' });
    await choose(page, 'large.aiida');
    await page.getByRole('progressbar', { name: 'Comparison of large.aiida' }).waitFor();
    await page.getByText(/^Comparing nodes · \d+ of 300 nodes$/).waitFor();
    expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Cancel' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('It was not compared with this profile').waitFor();
    await page.getByRole('button', { name: 'Compare it' }).click();
    await page.getByRole('progressbar', { name: 'Comparison of large.aiida' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('puts what comes in into a group that a person names', async () => {
    const { page } = await stage.page({ path: '/archives' });
    await choose(page, 'named.aiida');
    await page.getByRole('radio', { name: 'A group that you name' }).check({ force: true });
    const go = page.getByRole('button', { name: 'Import 299 nodes' });
    await expect.poll(() => go.isDisabled()).toBe(true);
    await page.getByRole('combobox', { name: 'Label of the group' }).fill('perovskites');
    await page.getByText('This group will be made.').waitFor();
    // the list is there before Escape: it would open after it, and hide the page from who cannot see it
    await page.getByText('A new group.', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await go.click();
    await page.getByRole('link', { name: 'Show the group “perovskites”' }).waitFor();
    expect(stage.core.world.groups.map(({ label }) => label)).toContain('perovskites');
  });

  it('goes on while other pages are looked at, and is cancelled without a trace', async () => {
    const { page } = await stage.page({ path: '/archives' });
    const groups = stage.core.world.groups.length;
    await choose(page, 'slow.aiida');
    await page.getByRole('button', { name: 'Import 299 nodes' }).click();
    await page.getByRole('progressbar', { name: 'Import of slow.aiida' }).waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Archives' }).click();
    await page.getByText('Importing “slow.aiida”').waitFor();
    await page.getByRole('link', { name: 'Show', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Import 299 nodes' }).waitFor();
    expect(stage.core.world.groups.length).toBe(groups);
  });

  it('goes on when its window is closed, and another window finds it', async () => {
    const { page } = await stage.page({ path: '/archives' });
    await choose(page, 'slow.aiida');
    await page.getByRole('button', { name: 'Import 299 nodes' }).click();
    await page.getByRole('progressbar', { name: 'Import of slow.aiida' }).waitFor();
    await page.close();
    const { page: other } = await stage.page({ path: '/archives' });
    await other.getByText('Importing “slow.aiida”').waitFor();
    await other.getByRole('link', { name: 'Show', exact: true }).click();
    await other.getByRole('button', { name: 'Cancel' }).click();
    await other.getByRole('button', { name: 'Import 299 nodes' }).waitFor();
  });

  it('says what each option would change, and compares again for the one that is chosen', async () => {
    const { page, complaints } = await stage.page({ path: '/archives' });
    await choose(page, 'known.aiida');
    const go = page.getByRole('button', { name: 'Import', exact: true });
    await expect.poll(() => go.isDisabled()).toBe(true);
    await page.getByText('Extras, comments, logins: what is here stays as it is').waitFor();
    const summary = page.locator('summary').filter({ hasText: 'Options' });
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Extras of nodes that are here').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: /^Take over those of the archive/ }).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByText('This changes 7 nodes here.').waitFor();
    await page.getByText('Of what is here it changes the extras of 7 nodes.').first().waitFor();
    await expect.poll(() => go.isDisabled()).toBe(false);
    await go.click();
    await page.getByText('Of what is here it has changed the extras of 7 nodes.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('says what room it needs, what a stopped import has left, and refuses where the disk is full', async () => {
    const { page } = await stage.page({ path: '/archives' });
    await choose(page, 'stopped.aiida');
    await page.getByText('40 files of it (2.00 MB) are here already and are not copied again').waitFor();
    await page.getByText('5.00 MB (4.10 MB of files, about 900 kB in the database)').waitFor();
    await stage.goTo(page, '/archives');
    await choose(page, 'full.aiida');
    await page.getByRole('alert').getByText('There is not enough room on the disk of this profile').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Import 299 nodes' }).isDisabled()).toBe(true);
  });

  it('says what is wrong with a file, and what to do', async () => {
    const { page } = await stage.page({ path: '/archives' });
    await choose(page, 'truncated.aiida');
    await page.getByRole('alert').getByText('The archive is damaged').waitFor();
    await choose(page, 'main_0002.aiida', 'Choose another file…');
    await page.getByRole('alert').getByText('has version main_0002').waitFor();
    await page.getByRole('alert').getByText('look for a newer version of this app').waitFor();
    await choose(page, 'conflict.aiida', 'Choose another file…');
    const inTheWay = page.getByRole('region', { name: 'What stands in the way' });
    await inTheWay.getByRole('heading', { name: 'Here already, with another content' }).waitFor();
    await inTheWay.getByText('delete the one here first: that can be undone').waitFor();
    await inTheWay.getByText('a node with the same UUID and another content').waitFor();
    await inTheWay.getByRole('link', { name: 'b1b7c7de-6f0c-4c55-9d0f-3d2b9d9c5f11' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Import/ }).isDisabled()).toBe(true);
    await stage.goTo(page, '/archives?file=long-ago&name=old.aiida');
    await page.getByRole('alert').getByText('not chosen here, or too long ago').waitFor();
  });

  const drop = (page: Page, name: string): Promise<unknown> =>
    page.evaluate(`(() => {
      const files = new DataTransfer();
      files.items.add(new File(['x'], '${name}'));
      for (const type of ['dragenter', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: files, bubbles: true }));
    })()`);

  it('opens a file of an old version that is dropped on any page, and says how it is read', async () => {
    const { page, complaints } = await stage.page({ path: '/processes' });
    await drop(page, 'old.tar.gz');
    await page.getByRole('heading', { level: 1, name: 'old.tar.gz' }).waitFor();
    const facts = page.getByRole('region', { name: 'The archive' });
    await facts.getByText('0.4', { exact: true }).waitFor();
    await facts.getByText('AiiDA 1.0.0').waitFor();
    const notes = page.getByRole('region', { name: 'How it was read' });
    await notes.getByText('the file itself stays as it is.').waitFor();
    await page.getByRole('button', { name: 'Close the archive' }).click();
    const before = page.getByRole('region', { name: 'Opened before' });
    await before.getByText('version 0.4').waitFor();
    await before.getByRole('link', { name: 'Open', exact: true }).click();
    await notes.waitFor();
    await page.getByRole('button', { name: 'Close the archive' }).click();
    await before.getByRole('button', { name: 'Empty the list' }).click();
    await expect.poll(() => before.count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('shows how far the opening of a large one is, goes on elsewhere, and is cancelled', async () => {
    const { page } = await stage.page({ path: '/archives' });
    await choose(page, 'slow.aiida', 'Open an archive…');
    await page.getByRole('progressbar', { name: 'Opening of slow.aiida' }).waitFor();
    await page.getByText(/^Converting nodes · \d+ of 300 nodes$/).waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Archives' }).click();
    await page.getByText('Opening “slow.aiida”').waitFor();
    await page.getByRole('link', { name: 'Show', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'It was not opened' }).waitFor();
    expect(stage.core.world.archives).toEqual([]);
  });

  it('says why a file cannot be opened, and takes another', async () => {
    const { page } = await stage.page({ path: '/archives' });
    await choose(page, 'truncated.aiida', 'Open an archive…');
    await page.getByRole('alert').getByText('The archive is damaged').waitFor();
    await choose(page, 'paper.aiida', 'Choose another file…');
    await page.getByRole('heading', { level: 1, name: 'paper.aiida' }).waitFor();
    await page.getByRole('button', { name: 'Close the archive' }).click();
    await page.getByRole('heading', { level: 1, name: 'Archives' }).waitFor();
  });

  it('opens one without importing it, says so on every page, and closes it', async () => {
    const { page } = await stage.page({ path: '/archives' });
    await choose(page, 'paper.aiida');
    await page.getByRole('link', { name: 'Look inside without importing' }).click();
    const doors = page.getByRole('navigation', { name: 'In this archive' });
    await doors.getByRole('link', { name: /^Groups/ }).click();
    await page.getByRole('grid', { name: 'Groups' }).getByRole('link', { name: 'silicon' }).click();
    await page.getByRole('heading', { level: 1, name: 'silicon' }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Export…' }).count()).toBe(0);
    const banner = page.getByRole('status').filter({ hasText: 'You are looking into' });
    await banner.getByRole('link', { name: 'Import…' }).click();
    await page.getByRole('button', { name: 'Import 299 nodes' }).waitFor();
    await expect.poll(() => page.url()).not.toContain('source=');
    await stage.goTo(page, '/archives');
    const open = page.getByRole('region', { name: 'Open without being imported' });
    await open.getByRole('link', { name: 'Look inside' }).click();
    await doors.waitFor();
    await banner.getByRole('button', { name: 'Close the archive' }).click();
    await open.getByText('None.').waitFor();
    expect(stage.core.world.archives).toEqual([]);
  });

  it('shows what would leave with nodes, follows the switches, writes the file and hands it over', async () => {
    const { page, complaints } = await stage.page({ path: '' });
    await stage.goTo(page, `/archives?export=${commonInput()}`);
    const sum = page.getByRole('region', { name: 'What would leave' });
    await sum.waitFor();
    const before = await sum.innerText();
    await page.getByRole('region', { name: 'Why each node goes along' }).getByText('chosen').waitFor();
    await page.getByRole('switch', { name: 'Calculations that used the data' }).check();
    await expect.poll(() => sum.innerText()).not.toBe(before);
    await page.getByRole('button', { name: 'Back to the defaults of AiiDA' }).click();
    await expect.poll(() => sum.innerText()).toBe(before);
    await page.getByRole('textbox', { name: 'Name of the file' }).fill('a/b');
    await expect.poll(() => page.getByRole('button', { name: /^Export/ }).isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Name of the file' }).fill('shared');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Export \d/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('shared.aiida');
    expect(readFileSync(await download.path(), 'utf8')).toContain('nodes');
    await page.getByRole('region', { name: 'Receipt' }).getByText('shared.aiida').first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('exports in a form for other readers, and says what it is good for', async () => {
    const { page } = await stage.page({ path: '/' });
    await stage.goTo(page, `/archives?export=${commonInput()}`);
    await page.getByText('Everything, without loss').waitFor();
    await page.getByLabel('Form', { exact: true }).click();
    await page.getByRole('option', { name: 'RO-Crate' }).click();
    await page.getByText('For repositories of research data').waitFor();
    await page.getByRole('textbox', { name: 'Title' }).fill('Silicon');
    expect(await page.getByLabel('Compression').count()).toBe(0);
    const name = await page.getByRole('textbox', { name: 'Name of the file' }).inputValue();
    expect(name).toMatch(/\.zip$/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Export \d/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(name);
    await page.getByRole('region', { name: 'Receipt' }).getByText('Processes', { exact: true }).waitFor();
  });

  it('saves the table that is seen as CSV, and shows a script that runs a process again', async () => {
    const { page } = await stage.page({ path: '/processes' });
    const button = page.getByRole('button', { name: 'Save the table as CSV…' });
    await button.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    expect(download.suggestedFilename()).toBe('processes.csv');
    await page.getByText('“processes.csv” is written').first().waitFor();
    const [first] = stage.core.world.processes;
    await stage.goTo(page, `/process/${first?.uuid}`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: /script that runs it again/ }).click();
    const dialog = page.getByRole('dialog', { name: 'A script that runs it again' });
    await dialog.getByText('orm.load_node').waitFor();
    await dialog.getByText('stemma launch').click();
    await dialog.getByText('"inputs"').waitFor();
  });

  it('exports no process that has not ended, and names it', async () => {
    const active = stage.core.world.processes.find(({ process }) => process?.state === 'waiting');
    const { page } = await stage.page({ path: '' });
    await stage.goTo(page, `/archives?export=${active?.uuid}`);
    await page
      .getByRole('alert')
      .getByText(/not ended and cannot leave yet/)
      .waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Export/ }).isDisabled()).toBe(true);
  });

  it('exports the selection of the window, found by the palette', async () => {
    const { page } = await stage.page({ path: '/processes?filter=state:finished' });
    await page.getByRole('grid').getByRole('link').first().waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('export the sel');
    await page.getByRole('option', { name: /Export the selected nodes/ }).click();
    await page.getByRole('region', { name: 'What would leave' }).waitFor();
    await expect.poll(() => page.url()).toContain('export=selection');
  });
});

describe.skipIf(noBrowser !== null)('groups', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 60 });
  });
  afterAll(() => stage.close());
  const groupNamed = (label: string) => stage.core.world.groups.find((each) => each.label === label);

  it('are made by keyboard, renamed, and turned back by Undo', async () => {
    const { page } = await stage.page({ path: '/groups' });
    await page.getByRole('grid', { name: 'Groups' }).getByRole('link').first().waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New group' });
    await dialog.getByRole('textbox', { name: 'Label' }).fill('silicon');
    await page.keyboard.press('Enter');
    await dialog.getByText('There is a group “silicon” already.').waitFor();
    await dialog.getByRole('textbox', { name: 'Label' }).fill('oxides');
    await dialog.getByRole('button', { name: 'Make the group' }).click();
    await page.getByRole('heading', { level: 1, name: 'oxides' }).waitFor();
    await page.getByRole('heading', { name: 'The group is empty' }).waitFor();
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Description' }).fill('of the paper');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('of the paper').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => groupNamed('oxides')?.description).toBe('');
  });

  it('lose nodes with Undo, and gain the selected ones', async () => {
    const silicon = groupNamed('silicon');
    const before = silicon?.nodes.size ?? 0;
    const { page } = await stage.page({ path: `/group/${silicon?.uuid}` });
    const grid = page.getByRole('grid', { name: 'Nodes of the group' });
    await grid.getByRole('link').first().waitFor();
    await grid.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 nodes selected').waitFor();
    await page.keyboard.press('Delete');
    await page.getByText('2 nodes taken out of “silicon”.').last().waitFor();
    expect(silicon?.nodes.size).toBe(before - 2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => silicon?.nodes.size).toBe(before);
    await page.getByText(`${before} nodes ·`).waitFor();
  });

  it('take what was selected in a table', async () => {
    const { page } = await stage.page({ path: '/processes?filter=state:finished' });
    const oxides = groupNamed('oxides');
    await page.getByRole('grid').getByRole('link').first().waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('add the selected nodes');
    await page.getByRole('option', { name: /Add the selected nodes to a group/ }).click();
    await page.getByRole('status').filter({ hasText: '1 node to add' }).waitFor();
    await page.getByRole('row', { name: /oxides/ }).click();
    await page.getByRole('button', { name: 'Add to “oxides”' }).click();
    await page.getByRole('heading', { level: 1, name: 'oxides' }).waitFor();
    await page.getByRole('grid', { name: 'Nodes of the group' }).getByRole('link').first().waitFor();
    expect(oxides?.nodes.size).toBe(1);
  });

  it('are deleted after a question that says that the nodes stay', async () => {
    const nodes = stage.core.world.nodes.size;
    const { page } = await stage.page({ path: `/group/${groupNamed('oxides')?.uuid}` });
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete the group…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete the group “oxides”?' });
    await dialog.getByText('Its 1 node stays where it is').waitFor();
    await dialog.getByRole('button', { name: 'Delete the group' }).click();
    await page.getByRole('heading', { level: 1, name: 'Groups' }).waitFor();
    expect(groupNamed('oxides')).toBeUndefined();
    expect(stage.core.world.nodes.size).toBe(nodes);
  });

  it('say when there are none, and when one is missing', async () => {
    const { page } = await stage.page({ path: '/group/00000000-0000-4000-8000-000000000000' });
    await page.getByRole('alert').getByText('There is no such group in this profile.').waitFor();
    await page.getByRole('link', { name: 'All groups' }).click();
    await page.getByRole('searchbox', { name: 'Find a group' }).fill('none is called so');
    await page.getByRole('heading', { name: 'No group fits' }).waitFor();
  });
});
