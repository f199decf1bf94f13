import { join } from 'node:path';
import { sharedFolder } from '../support/shared-archives.ts';
import type { StoredNode } from './profile.ts';
import type { AppWindow } from './window.ts';

/** What the pages are shown on. */
export interface PageGround {
  /** An archive that is imported, and its nodes. */
  readonly archive: string;
  readonly nodes: readonly StoredNode[];
  /** Where a page has a group in its address: the one that the import made. */
  readonly group: string;
}

/** A page, and what a person does until it shows what the picture is of. */
export interface PageSubject {
  readonly name: string;
  readonly reach: (window: AppWindow, ground: PageGround) => Promise<void>;
}

const core = join(sharedFolder, 'aiidateam+aiida-core');
const fresh = join(core, 'tests__static__export__migrate__export_main_0001_simple.aiida');
/** Some of the same nodes as AiiDA 1 had them. */
const other = join(core, 'aiida__backends__tests__fixtures__export__migrate__export_v0.6_simple.aiida');

const deleteButton = /^Delete [\d\s\u{202F}]+ ?nodes?$/u;

async function choose(window: AppWindow, file: string, button: string): Promise<void> {
  const { page } = window;
  await window.goTo('/archives');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).click();
  await (await chooser).setFiles(file);
}

const compared = (file: (ground: PageGround) => string) =>
  async function (window: AppWindow, ground: PageGround): Promise<void> {
    await choose(window, file(ground), 'Choose an archive…');
    await window.page.getByRole('region', { name: 'Compared with this profile' }).waitFor();
  };

/** In this order: what one does is there for the next. At the end the profile is as it was. */
export const pageSubjects: readonly PageSubject[] = [
  { name: 'page-welcome', reach: (window) => window.goTo('/welcome') },
  { name: 'page-archives', reach: (window) => window.goTo('/archives') },
  { name: 'page-import-known', reach: compared(({ archive }) => archive) },
  { name: 'page-import-new', reach: compared(() => fresh) },
  {
    name: 'page-import-done',
    async reach(window, ground) {
      const { page } = window;
      await compared(() => fresh)(window, ground);
      await page.getByRole('button', { name: /^Import [\d\s\u{202F}]+ ?nodes?$/u }).click();
      await page.getByRole('region', { name: 'Merge report' }).waitFor();
    },
  },
  { name: 'page-import-conflicts', reach: compared(() => other) },
  {
    name: 'page-records',
    async reach(window) {
      const file = join(sharedFolder, '../peers/parsl-monitoring.db');
      await choose(window, file, 'A file of Parsl or FireWorks…');
      await window.page.getByRole('region', { name: 'The records' }).waitFor();
      await window.page.getByRole('region', { name: 'Compared with this profile' }).waitFor();
    },
  },
  { name: 'page-storage', reach: (window) => window.goTo('/storage') },
  {
    name: 'page-delete-node',
    async reach(window, { nodes }) {
      const { page } = window;
      const one = nodes.find(({ type }) => type.startsWith('data.core.structure.')) ?? nodes[0];
      await window.goTo(`/storage?delete=${one?.uuid}`);
      await page.getByRole('button', { name: deleteButton }).waitFor();
    },
  },
  {
    name: 'page-delete-fitting',
    async reach(window) {
      const { page } = window;
      await window.goTo('/storage?delete=fitting&filter=type:Dict&type=data.');
      await page.getByRole('button', { name: deleteButton }).waitFor();
    },
  },
  {
    name: 'page-delete-group',
    async reach(window, { group }) {
      const { page } = window;
      await window.goTo(`/storage?delete=group:${group}`);
      await page.getByRole('button', { name: deleteButton }).waitFor();
    },
  },
  {
    name: 'page-deleted',
    async reach(window, { group }) {
      const { page } = window;
      await window.goTo(`/storage?delete=group:${group}`);
      await page.getByRole('button', { name: deleteButton }).click();
      await page
        .getByText(/nodes were deleted\./)
        .last()
        .waitFor();
      await window.settled();
    },
  },
  {
    name: 'page-remove-for-good',
    async reach(window) {
      const { page } = window;
      await page.getByRole('button', { name: 'Remove for good…' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'page-restored',
    async reach(window) {
      const { page } = window;
      await page.getByRole('button', { name: 'Keep them' }).click();
      await page.getByRole('button', { name: 'Restore' }).first().click();
      await page
        .getByText(/nodes are back\./)
        .last()
        .waitFor();
      await window.settled();
    },
  },
];
