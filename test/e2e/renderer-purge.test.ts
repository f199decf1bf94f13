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
    const undo = page.getByRole('button', { name: /^Undo/ });
    await undo.waitFor();
    await records.getByRole('button', { name: 'Remove for good…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove for good' }).click();
    await records.getByText('Removed for good').waitFor();
    // what cannot be had any more is not offered
    expect(await undo.count()).toBe(0);
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

  it('leaves without what was purged, under other names and with words about it, all by the keyboard', async () => {
    const { page, complaints } = await stage.page({ path: '' });
    await stage.goTo(page, `/archives?export=${bulky.uuid}`);
    const purged = page.getByRole('region', { name: 'Purged files' });
    await purged.getByText('The content of 2 files (3.00 MB) was purged and cannot leave.').waitFor();
    const go = page.getByRole('button', { name: /^Export/ });
    expect(await go.isDisabled()).toBe(true);
    await purged.getByRole('checkbox', { name: 'Leave without the purged files' }).focus();
    await page.keyboard.press('Space');
    await expect.poll(() => go.isDisabled()).toBe(false);
    const form = page.getByRole('form', { name: 'What to export' });
    await form.getByRole('textbox', { name: 'Title' }).focus();
    for (const words of ['Quartz', 'The authors', 'Its vibrations', 'CC-BY-4.0']) {
      await page.keyboard.type(words);
      await page.keyboard.press('Tab');
    }
    const anonymous = form.getByRole('switch', { name: 'Anonymous' });
    expect(await anonymous.evaluate((element) => element.matches(':focus'))).toBe(true);
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await form.getByRole('switch', { name: /^Without the files/ }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Look for names' }).focus();
    await page.keyboard.press('Enter');
    const told = page.getByRole('region', { name: 'What could still tell who you are' });
    await told.getByText('granite.example.org').waitFor();
    await told.getByText(/^“Ada” \(name\) stays in texts/).waitFor();
    await told.getByText('aiida.out').waitFor();
    expect(await axeInBothThemes(page)).toEqual([]);
    await Promise.all([page.waitForEvent('download'), go.click()]);
    await page.getByRole('region', { name: 'Receipt' }).waitFor();
    expect(stage.core.world.exported.at(-1)).toMatchObject({
      selection: { withoutPurged: true },
      anonymous: { files: 'leave-out' },
      about: { title: 'Quartz', author: 'The authors', description: 'Its vibrations', licence: 'CC-BY-4.0' },
    });
    expect(complaints).toEqual([]);
  });

  it('freeing space says how large the database was and is, and what it has done when it is stopped', async () => {
    const { page, complaints } = await stage.page({ path: '/storage' });
    const panel = page.getByRole('region', { name: 'Can be freed' });
    await panel.getByRole('button', { name: 'Free 4.80 MB' }).click();
    await panel
      .getByText('12 files let go, 4.10 MB. The database has 1.70 MB now instead of 2.40 MB.')
      .waitFor();
    stage.core.world.holdsFreeing = true;
    await panel.getByRole('button', { name: 'Free 4.80 MB' }).click();
    await page.getByText('Letting go of files that nothing names').first().waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).focus();
    await page.keyboard.press('Enter');
    await panel.getByText(/^Stopped: the rest is found the next time\. 12 files let go/).waitFor();
    expect(complaints).toEqual([]);
  });
});
