import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importInto, type StoredNode } from '../screens/profile.ts';
import { AppWindow } from '../screens/window.ts';
import { readPoscar, readXyz } from '../shared/structure/written-files.ts';
import { notBuilt } from '../support/built-app.ts';
import { noChromium } from '../support/chromium.ts';
import { noSharedArchives, sharedFolder } from '../support/shared-archives.ts';
import { skipReason } from '../support/skips.ts';
import { startServing, type Serving } from '../support/start-serving.ts';

/** With nodes of most types; the second one is of a version before AiiDA 2. */
const recent = join(sharedFolder, 'materialscloud-org+optimade-maker/examples__aiida_archive__example.aiida');
const old = join(
  sharedFolder,
  'aiidateam+aiida-tutorials/docs__assets__2020_Oxford__example-gaas-wannier.aiida',
);
const missing = [recent, old].find((file) => !existsSync(file));
const reason = skipReason(
  'the viewers on real archives',
  notBuilt ?? noChromium ?? noSharedArchives ?? (missing === undefined ? null : `${missing} is not there`),
);

/** `npm run screens -- --survey` opens all nodes of all archives; this one of each type. */
describe.skipIf(reason !== null)('the viewers, on real archives over the real core', () => {
  let folder: string;
  let served: Serving;
  let window: AppWindow;
  const nodes = new Map<string, readonly StoredNode[]>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stemma-viewers-'));
    const profile = join(folder, 'profile');
    for (const file of [recent, old]) nodes.set(file, await importInto(profile, file));
    served = await startServing(profile);
    window = await AppWindow.open(served.address);
  });
  afterAll(async () => {
    await window?.close();
    await served?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const firstOfEach = (file: string): readonly StoredNode[] => [
    ...new Map((nodes.get(file) ?? []).toReversed().map((node) => [node.type, node])).values(),
  ];
  async function wrongWith(file: string, source: string | null): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const { type, uuid } of firstOfEach(file)) {
      const page = type.startsWith('process.') ? 'process' : 'node';
      const { errors } = await window.lookAt(`/${page}/${uuid}${source === null ? '' : `?source=${source}`}`);
      wrong.push(...[...errors, ...window.complaints.splice(0)].map((words) => `${type} ${uuid}: ${words}`));
    }
    return wrong;
  }

  it('show a node of each type that was imported', async () => {
    expect(firstOfEach(recent).length).toBeGreaterThan(12);
    expect(await wrongWith(recent, null)).toEqual([]);
  });

  it('show a node of each type of an archive that is opened in its place', async () => {
    const source = await window.openInPlace(old);
    expect(firstOfEach(old).length).toBeGreaterThan(8);
    expect(await wrongWith(old, source)).toEqual([]);
  });

  it('save a structure as files that other programs read', async () => {
    const structure = firstOfEach(recent).find(({ type }) => type.startsWith('data.core.structure.'));
    await window.goTo(`/node/${structure?.uuid ?? ''}`);
    const sites = (JSON.parse(structure?.attributes ?? '{}') as { sites: readonly unknown[] }).sites.length;
    const { page } = window;
    const saved = async (entry: string): Promise<string> => {
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const coming = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: entry }).click();
      return readFileSync(await (await coming).path(), 'utf8');
    };
    expect(readPoscar(await saved('POSCAR of VASP')).atoms).toHaveLength(sites);
    expect(readXyz(await saved('XYZ, extended')).atoms).toHaveLength(sites);
    expect(await saved('CIF')).toContain('_atom_site_fract_x');
  });
});
