import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeInBothThemes } from '../support/axe.ts';
import { noBrowser, Stage } from '../support/fake-core/pages.ts';
import type { FakeNode } from '../support/fake-core/world.ts';

describe.skipIf(noBrowser !== null)('purging the content of files', () => {
  let stage: Stage;
  let bulky: FakeNode;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 30 });
    bulky = stage.core.world.add({
      kind: 'data',
      nodeType: 'data.core.folder.FolderData.',
      className: 'FolderData',
      label: 'bulky',
      ctime: Date.now() - 200 * 86_400_000,
      files: new Map([
        ['charge-density.dat', new Uint8Array(3_000_000)],
        ['out/log.txt', new TextEncoder().encode('done\n')],
      ]),
    });
  });
  afterAll(() => stage.close());

  it('goes by a rule, says what goes and what stays, asks, and can be taken back', async () => {
    const { page, complaints } = await stage.page({ path: '/storage' });
    await page.getByRole('link', { name: 'Purge content…' }).click();
    const form = page.getByRole('form', { name: 'What to purge' });
    const age = form.getByLabel('Older than');
    await age.fill('many');
    await page.getByText('Say what to purge').waitFor();
    await age.fill('100');
    await form.getByLabel('Files of').click();
    await page.getByRole('option', { name: 'Any nodes' }).click();
    const shown = page.getByRole('region', { name: 'What would be purged' });
    await shown.getByRole('region', { name: 'Goes' }).getByText('2 files, 3.00 MB').waitFor();
    await shown.getByRole('region', { name: 'Stays' }).getByText('Others have it too').waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    await shown.getByRole('button', { name: 'Purge 3.00 MB…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Purge' }).click();
    const records = page.getByRole('region', { name: 'Purged content' });
    await records.getByRole('button', { name: 'Restore' }).waitFor();
    expect(stage.core.world.purged.has(bulky.uuid)).toBe(true);
    expect(await axeInBothThemes(page)).toEqual([]);
    await records.getByRole('button', { name: 'Restore' }).click();
    await records.getByText(/^Nothing\./).waitFor();
    expect(stage.core.world.purged.size).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is asked for on the page of a node, whose files then say what became of them', async () => {
    const { page, complaints } = await stage.page({ path: `/node/${bulky.uuid}` });
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Purge the content of its files…' }).click();
    await page.getByRole('button', { name: 'Purge 3.00 MB…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Purge' }).click();
    const records = page.getByRole('region', { name: 'Purged content' });
    await records.getByRole('button', { name: 'Remove for good…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove for good' }).click();
    await records.getByText('Removed for good').waitFor();
    await page.goBack();
    await page.goBack();
    await page.getByRole('tab', { name: /^Files/ }).click();
    await page.getByRole('treeitem', { name: /charge-density\.dat/ }).click();
    const gone = page.getByRole('region', { name: 'A file whose content was purged' });
    await gone
      .getByText(
        /^Content purged on \d{4}-\d\d-\d\d; import an archive that holds it \(or put the file back\)/,
      )
      .waitFor();
    await gone.getByText('3.00 MB').waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
