import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeInBothThemes } from '../support/axe.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';

describe.skipIf(noBrowser !== null)('storage', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 60 });
  });
  afterAll(() => stage.close());

  it('says where the room goes, by the names of classes, and leads to them', async () => {
    const { page, complaints } = await stage.page({ path: '/storage' });
    const byType = page.getByRole('region', { name: 'By type' });
    await byType.getByRole('link', { name: 'FolderData' }).waitFor();
    // a bar only where there is something
    const rows = await byType.getByRole('listitem').all();
    for (const row of rows) {
      const isEmpty = (await row.innerText()).includes('\n0 B');
      expect(await row.locator('meter').count()).toBe(isEmpty ? 0 : 1);
    }
    expect(await axeInBothThemes(page)).toEqual([]);
    await byType.getByRole('link', { name: 'FolderData' }).click();
    await page.getByRole('grid').getByRole('link').first().waitFor();
    await expect.poll(() => page.url()).toContain('FolderData');
    expect(complaints).toEqual([]);
  });

  it('shows why each node goes along with those that are selected in a table', async () => {
    const { page } = await stage.page({ path: '/processes?filter=state:finished' });
    const grid = page.getByRole('grid');
    await grid.getByRole('link').first().waitFor();
    await grid.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 processes selected').waitFor();
    await page.keyboard.press('Delete');
    const shown = page.getByRole('region', { name: 'What would be deleted' });
    await shown.getByRole('listitem').filter({ hasText: 'chosen' }).getByText('2', { exact: true }).waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
  });

  it('deletes a node by a key of its page, and takes it back by another', async () => {
    const { nodes, outgoing } = stage.core.world;
    const unused = [...nodes.values()].find(
      ({ kind, pk }) => kind === 'data' && (outgoing.get(pk) ?? []).length === 0,
    );
    const before = nodes.size;
    const { page, complaints } = await stage.page({ path: `/node/${unused?.uuid}` });
    await page.getByRole('button', { name: 'More' }).waitFor();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: /^Delete \d+ nodes?$/ }).click();
    await page
      .getByText(/nodes? (was|were) deleted\./)
      .last()
      .waitFor();
    expect(nodes.size).toBeLessThan(before);
    await page.keyboard.press('Control+z');
    await expect.poll(() => nodes.size).toBe(before);
    expect(complaints).toEqual([]);
  });

  it('asks for the deletion of one node from the menu of its row and of its page', async () => {
    const { page } = await stage.page({ path: '/data' });
    const link = page.getByRole('grid').getByRole('link').first();
    await link.waitFor();
    await link.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('heading', { level: 1, name: 'Delete nodes' }).waitFor();
    await page.getByRole('button', { name: 'Keep them' }).click();
    await page.getByRole('heading', { level: 1, name: 'Data' }).waitFor();
    await link.click();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('region', { name: 'What would be deleted' }).waitFor();
  });

  it('deletes all that fit a filter, and offers to undo it no longer than it can be undone', async () => {
    const { nodes, outgoing } = stage.core.world;
    const before = nodes.size;
    const unused = [...nodes.values()].find(
      ({ kind, pk }) => kind === 'data' && (outgoing.get(pk) ?? []).length === 0,
    );
    const filter = `uuid:${unused?.uuid}`;
    const { page, complaints } = await stage.page({ path: `/data?filter=${filter}` });
    await page.getByRole('grid').getByRole('link').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('delete all that fit');
    await page.getByRole('option', { name: /Delete all that fit the filter/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(`All nodes that fit “${filter}” and are data`).waitFor();
    const go = page.getByRole('button', { name: /^Delete \d+ nodes?$/ });
    await go.waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    await go.focus();
    await page.keyboard.press('Enter');
    await page
      .getByText(/nodes? (was|were) deleted\./)
      .first()
      .waitFor();
    expect(nodes.size).toBeLessThan(before);
    const kept = page.getByRole('region', { name: 'Deleted, and can be restored' });
    await kept.getByRole('button', { name: 'Restore' }).first().click();
    await expect.poll(() => nodes.size).toBe(before);
    // what it offered to undo is done: it is offered no longer
    await page.getByRole('button', { name: /^Undo/ }).waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('pages through many deletions, and removes all of them for good', async () => {
    const { world } = stage.core;
    const { page } = await stage.page({ path: '/storage' });
    const kept = page.getByRole('region', { name: 'Deleted, and can be restored' });
    await kept.getByText('Nothing. What is deleted stays here').waitFor();
    for (let i = 0; i < 21; i++) {
      const summary = { links: 0, memberships: 0, logs: 0, comments: 0, files: 0, bytes: 0, byType: [] };
      const deletion = { ...summary, uuid: world.uuid(), time: i, nodes: 1, examples: [`number ${i}`] };
      world.deletions.unshift({ deletion, nodes: [] });
    }
    world.touch();
    await kept.getByText('1–20 of 21 deletions, the newest first').waitFor();
    await kept.getByRole('button', { name: 'Older' }).click();
    await kept.getByText('21–21 of 21 deletions').waitFor();
    await kept.getByRole('button', { name: 'Remove for good…' }).click();
    await page.getByRole('button', { name: 'Remove for good', exact: true }).click();
    // the page that is empty now gives way to the one before it
    await kept.getByRole('button', { name: 'Restore' }).nth(19).waitFor();
    await kept.getByRole('button', { name: 'Remove all for good…' }).click();
    await page.getByRole('dialog', { name: /^Remove all 20 deletions for good/ }).waitFor();
    await page.getByRole('button', { name: 'Remove for good', exact: true }).click();
    await kept.getByText('Nothing. What is deleted stays here').waitFor();
  });
});
