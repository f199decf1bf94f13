import type { AppWindow } from './window.ts';

/** A page that is brought to where it is looked at, by what a person does; each goes on where the one before it ended. */
export interface Scene {
  /** The name of its pictures. */
  readonly name: string;
  readonly play: (window: AppWindow) => Promise<void>;
}

/** Purging, taking back, removing for good, freeing; and the export of what is left, under other names. */
export const scenes: readonly Scene[] = [
  {
    name: 'scene-storage',
    async play(window) {
      await window.goTo('/storage');
      await window.page.getByRole('region', { name: 'By type' }).waitFor();
    },
  },
  {
    name: 'scene-purge-rule',
    async play({ page }) {
      await page.getByRole('link', { name: 'Purge content…' }).click();
      await page.getByRole('form', { name: 'What to purge' }).getByLabel('Older than').fill('30');
      await page.getByRole('button', { name: /^Purge \d/ }).waitFor();
    },
  },
  {
    name: 'scene-purged',
    async play({ page }) {
      await page.getByRole('button', { name: /^Purge \d/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Purge' }).click();
      await page
        .getByRole('region', { name: 'Purged content' })
        .getByRole('button', { name: 'Restore' })
        .waitFor();
      await page.getByRole('region', { name: 'By type' }).waitFor();
    },
  },
  {
    name: 'scene-restored',
    async play({ page }) {
      // by the keyboard, as undo is reached there
      await page.getByRole('button', { name: 'Undo' }).focus();
      await page.keyboard.press('Enter');
      await page
        .getByRole('region', { name: 'Purged content' })
        .getByText(/^Nothing\./)
        .waitFor();
      await page
        .getByText(/is back\./)
        .first()
        .waitFor();
    },
  },
  {
    name: 'scene-export-purged',
    async play(window) {
      const { page } = window;
      await window.goTo('/storage?purge=rule');
      await page.getByRole('button', { name: /^Purge \d/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Purge' }).click();
      await page
        .getByRole('region', { name: 'Purged content' })
        .getByRole('button', { name: 'Restore' })
        .waitFor();
      await window.goTo('/archives?export=all');
      await page.getByRole('region', { name: 'Purged files' }).waitFor();
    },
  },
  {
    name: 'scene-export-anonymous',
    async play({ page }) {
      await page.getByRole('checkbox', { name: 'Leave without the purged files' }).check({ force: true });
      const form = page.getByRole('form', { name: 'What to export' });
      await form.getByLabel('Title').fill('Vibrations of quartz');
      await form.getByLabel('Author').fill('The authors');
      await form.getByLabel('Licence').fill('CC-BY-4.0');
      await form.getByRole('switch', { name: 'Anonymous' }).click();
      await page.getByRole('button', { name: 'Look for names' }).click();
      const told = page.getByRole('region', { name: 'What could still tell who you are' });
      await told.getByRole('heading', { name: 'What could still tell who you are' }).waitFor();
      await told.scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'scene-export-fields',
    async play({ page }) {
      await page.getByRole('form', { name: 'What to export' }).getByLabel('Licence').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'scene-freed',
    async play(window) {
      const { page } = window;
      await window.goTo('/storage');
      await page
        .getByRole('region', { name: 'Purged content' })
        .getByRole('button', { name: 'Remove for good…' })
        .click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove for good' }).click();
      await page.getByText('Removed for good', { exact: true }).waitFor();
      await page
        .getByRole('region', { name: 'Can be freed' })
        .getByRole('button', { name: /^Free / })
        .click();
      await page
        .getByRole('region', { name: 'Can be freed' })
        .getByText(/let go, .*\./)
        .waitFor();
      await window.settled();
    },
  },
];
