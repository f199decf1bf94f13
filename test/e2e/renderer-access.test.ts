import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, axeInBothThemes } from '../support/axe.ts';
import { noBrowser, Stage, type OpenedPage } from '../support/fake-core/pages.ts';

describe.skipIf(noBrowser !== null)('every page', () => {
  let stage: Stage;
  let fresh: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ processes: 300 });
    fresh = await Stage.open({ isNew: true });
  });
  afterAll(async () => {
    await stage.close();
    await fresh.close();
  });

  const uuidOf = (label: string): string =>
    stage.core.world.processes.find((node) => node.label === label)?.uuid ?? '';

  interface Scene {
    readonly path: string | (() => string);
    readonly fresh?: boolean;
    readonly prepare?: (page: Page) => Promise<void>;
  }

  const openFile = (name: RegExp) => async (page: Page) => {
    await page.getByRole('treeitem', { name }).click();
    await page.getByRole('button', { name: 'Download' }).first().waitFor();
  };

  const chooseArchive = async (page: Page, name: string) => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose an archive…' }).click(),
    ]);
    await chooser.setFiles({ name, mimeType: 'application/zip', buffer: Buffer.from('an archive') });
    await page.getByRole('heading', { level: 1, name: `Import ${name}` }).waitFor();
    await page.getByRole('table').waitFor();
  };

  const uuidOfComputer = (label: string): string =>
    stage.core.world.computers.find(({ config }) => config.label === label)?.uuid ?? '';

  const testHost = (host: string, ends: string) => async (page: Page) => {
    await page.getByLabel('Label', { exact: true }).fill('rock');
    await page.getByLabel('Host', { exact: true }).fill(host);
    await page.getByLabel('User', { exact: true }).fill('ada');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('button', { name: ends }).waitFor();
  };

  const scenes: Readonly<Record<string, Scene>> = {
    processes: { path: '/processes' },
    'processes, some selected': {
      path: '/processes?filter=MgO+cutoff',
      prepare: async (page) => {
        await page.getByRole('grid').focus();
        await page.keyboard.press('Control+a');
        await page.getByText('7 processes selected').waitFor();
      },
    },
    'no process fits': { path: '/processes?filter=none-is-called-so' },
    'no process yet': { path: '/processes', fresh: true },
    welcome: { path: '/welcome', fresh: true },
    workflow: { path: () => `/process/${uuidOf('Si bands, PBE')}` },
    'failed job': { path: () => `/process/${uuidOf('SrTiO3 phonons, supercell 3×3×3')}` },
    'job that waits for a person': { path: () => `/process/${uuidOf('TiO2 relax')}` },
    'inputs of a job': { path: () => `/process/${uuidOf('SrTiO3 phonons, supercell 3×3×3')}?tab=inputs` },
    'files of a job': {
      path: () => `/process/${uuidOf('SrTiO3 phonons, supercell 3×3×3')}?tab=files`,
      prepare: openFile(/aiida\.in/),
    },
    'a JSON file': {
      path: () => `/process/${uuidOf('SrTiO3 phonons, supercell 3×3×3')}?tab=files`,
      prepare: openFile(/data-file-schema/),
    },
    'facts of the scheduler': {
      path: () => `/process/${uuidOf('SrTiO3 phonons, supercell 3×3×3')}?tab=scheduler`,
    },
    'output of a running job': { path: () => `/process/${uuidOf('MgO cutoff 70 Ry')}?tab=live` },
    'what can be launched': { path: '/launch' },
    'a launch form with every kind of input, and what is wrong with it': {
      path: '/launch/quantumespresso.pw',
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Add an input' }).click();
        await page.getByText('More options').click();
        await page.keyboard.press('Control+Enter');
        await page.getByRole('form').getByText('Required.').first().waitFor();
      },
    },
    'a launch form with job options that are an input': {
      path: '/launch/core.shell.restart',
      prepare: async (page) => {
        await page.getByLabel('Walltime', { exact: true }).fill('long');
        await page.keyboard.press('Control+Enter');
        await page
          .getByText(/^Write hours, minutes and seconds/)
          .first()
          .waitFor();
      },
    },
    'a launch form with its preview': {
      path: '/launch/core.arithmetic.add',
      prepare: async (page) => {
        await page.getByLabel('code', { exact: true }).fill('granite');
        await page.getByRole('option', { name: /@granite/ }).click();
        await page.getByLabel('x', { exact: true }).fill('1');
        await page.getByLabel('y', { exact: true }).fill('2');
        await page.getByText('This is what will be submitted').waitFor();
      },
    },
    settings: { path: '/settings' },
    'diagnostics with a finding': {
      path: '/diagnostics',
      prepare: async (page) => {
        stage.core.world.problems.splice(0, 1, {
          code: 'object-missing',
          subject: 'c0ffee',
          message: 'A node names this file and it is not there.',
        });
        await page.getByRole('button', { name: 'Check the profile' }).click();
        await page.getByText('1 thing was found.').waitFor();
      },
    },
    archives: { path: '/archives' },
    'an archive before its import': {
      path: '/archives',
      prepare: (page) => chooseArchive(page, 'paper.aiida'),
    },
    'an archive that does not fit': {
      path: '/archives',
      prepare: (page) => chooseArchive(page, 'conflict.aiida'),
    },
    'a finished import': {
      path: '/archives',
      prepare: async (page) => {
        await chooseArchive(page, 'paper.aiida');
        await page.getByRole('button', { name: /^Import \d/ }).click();
        await page.getByRole('region', { name: 'Merge report' }).waitFor();
      },
    },
    'an archive that is looked into': {
      path: '/archives',
      prepare: async (page) => {
        await chooseArchive(page, 'paper.aiida');
        await page.getByRole('link', { name: 'Look inside without importing' }).click();
        await page.getByRole('navigation', { name: 'In this archive' }).waitFor();
      },
    },
    'an export': {
      path: () => `/archives?export=group:${stage.core.world.groups[0]?.uuid}`,
      prepare: (page) => page.getByRole('region', { name: 'What would leave' }).waitFor(),
    },
    'groups, and nodes to add': { path: () => `/groups?add=${uuidOf('MgO cutoff 70 Ry')}` },
    'no group yet': { path: '/groups', fresh: true },
    'a group, some nodes selected': {
      path: () => `/group/${stage.core.world.groups[0]?.uuid}`,
      prepare: async (page) => {
        await page.getByRole('grid').getByRole('link').first().waitFor();
        await page.getByRole('grid').focus();
        await page.keyboard.press('Space');
        await page.getByRole('toolbar', { name: 'Selected nodes' }).waitFor();
      },
    },
    'question before a group is deleted': {
      path: '/groups',
      prepare: async (page) => {
        await page.getByRole('grid').focus();
        await page.keyboard.press('Delete');
        await page.getByRole('dialog').waitFor();
      },
    },
    'a process that is not there': { path: '/process/00000000-0000-4000-8000-000000000000' },
    'an address that leads nowhere': { path: '/nowhere' },
    computers: { path: '/computers' },
    'only this machine so far': {
      path: '/computers',
      fresh: true,
      prepare: async (page) => page.getByRole('grid', { name: 'Computers' }).waitFor(),
    },
    'a computer': { path: () => `/computer/${uuidOfComputer('granite')}` },
    'a computer that asks for a password': {
      path: () => `/computer/${uuidOfComputer('basalt')}`,
      prepare: async (page) => page.getByRole('form', { name: /Sign in/ }).waitFor(),
    },
    'a form full of nonsense': {
      path: '/computers/new',
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Add a jump host' }).click();
        await page.getByText('MPI and resources').click();
        await page.getByLabel('Mpirun command').fill('srun {nonsense}');
        await page.getByRole('button', { name: /^Add computer/ }).click();
        await page.getByText('is not filled in').waitFor();
      },
    },
    'a new host key': { path: '/computers/new', prepare: testHost('new.example.org', 'Accept') },
    'a changed host key': {
      path: '/computers/new',
      prepare: testHost('changed.example.org', 'Forget the known key…'),
    },
    'a code': {
      path: () => `/computer/${uuidOfComputer('granite')}?code=new`,
      prepare: async (page) => page.getByRole('dialog', { name: 'Add a code' }).waitFor(),
    },
    queue: {
      path: '/queue',
      prepare: async (page) => page.getByRole('region', { name: 'granite' }).waitFor(),
    },
    palette: {
      path: '/processes',
      prepare: async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Search and commands' }).fill('mgo');
        await page
          .getByRole('option', { name: /MgO cutoff/ })
          .first()
          .waitFor();
      },
    },
    'palette without a find': {
      path: '/processes',
      prepare: async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Search and commands' }).fill('qqqqqqq');
        await page.getByText('Nothing fits').waitFor();
      },
    },
    'key sheet': {
      path: '/processes',
      prepare: async (page) => {
        await page.keyboard.press('?');
        await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      },
    },
    'columns of a table': {
      path: '/processes',
      prepare: (page) => page.getByRole('button', { name: 'Columns and order' }).click(),
    },
    'question before a kill': {
      path: () => `/process/${uuidOf('MgO cutoff 70 Ry')}`,
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Kill…' }).click();
        await page.getByRole('dialog').waitFor();
      },
    },
    'menu of a row': {
      path: '/processes?filter=MgO+cutoff',
      prepare: async (page) => {
        await page.getByRole('row').nth(2).click({ button: 'right' });
        await page.getByRole('menu').waitFor();
      },
    },
    'background tasks and a toast': {
      path: '/processes',
      prepare: async (page) => {
        await page.getByRole('button', { name: 'No tasks' }).click();
        await page.getByRole('dialog', { name: 'Background tasks' }).waitFor();
      },
    },
    'gallery of primitives': { path: '/dev/gallery' },
  };

  const windows = new Map<Stage, OpenedPage>();

  async function show(name: string, viewport = { width: 1280, height: 800 }): Promise<OpenedPage> {
    const scene = scenes[name];
    if (scene === undefined) throw new Error(`no scene ${name}`);
    const on = scene.fresh === true ? fresh : stage;
    const opened = windows.get(on) ?? (await on.page({ path: '' }));
    windows.set(on, opened);
    const { page } = opened;
    await page.setViewportSize(viewport);
    await on.again(opened);
    const { path } = scene;
    await page.evaluate(`location.hash = ${JSON.stringify(`#${typeof path === 'string' ? path : path()}`)}`);
    await page.getByRole('heading').first().waitFor();
    await scene.prepare?.(page);
    await page.waitForTimeout(250);
    return opened;
  }

  describe.each(Object.keys(scenes))('%s', (name) => {
    it('is clean for axe in both themes, and nothing complains', async () => {
      const { page, complaints } = await show(name);
      expect(await axeInBothThemes(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });
  });

  it('is clean in compact density, too', async () => {
    stage.core.world.settings = { ...stage.core.world.settings, density: 'compact' };
    for (const name of ['processes', 'failed job', 'gallery of primitives']) {
      const { page } = await show(name);
      expect(await axe(page), name).toEqual([]);
    }
    stage.core.world.settings = { ...stage.core.world.settings, density: 'comfortable' };
  });

  it('can be used at 200 % zoom: nothing is cut off at the right of the window', async () => {
    for (const name of [
      'processes',
      'failed job',
      'welcome',
      'what can be launched',
      'a launch form with every kind of input, and what is wrong with it',
      'settings',
      'diagnostics with a finding',
      'archives',
      'an export',
      'an archive before its import',
    ]) {
      const { page } = await show(name, { width: 640, height: 400 });
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width, name).toBeLessThanOrEqual(640);
    }
  });

  it('keeps its controls large enough to hit', async () => {
    for (const name of ['processes', 'failed job', 'gallery of primitives']) {
      const { page } = await show(name);
      const small = await page.evaluate(`
        [...document.querySelectorAll('button, a[href], input, [role="tab"]')]
          .filter((e) => e.tabIndex >= 0 && e.offsetParent !== null && !e.closest('p, dd, .unseen') && !e.matches('.unseen, .skip'))
          .map((e) => [e.closest('label') ?? e].map((x) => x.getBoundingClientRect())[0])
          .filter(({ width, height }) => width < 24 || height < 22)
          .map(({ width, height, x, y }) => [width, height, x, y].join(' '))`);
      expect(small, name).toEqual([]);
    }
  });

  it('shows where the keyboard is on every stop of the first page', async () => {
    const { page } = await show('processes');
    await page.getByRole('grid').getByRole('link').first().waitFor();
    const unseen: string[] = [];
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab');
      const found = (await page.evaluate(`(async () => {
        const e = document.activeElement;
        const isSeen = () => [e, ...e.querySelectorAll('.active'), e.closest('label, .box, .find') ?? e]
          .some((x) => { const s = getComputedStyle(x); return s.outlineStyle !== 'none' || s.boxShadow.includes('2px'); });
        // a table shows its row once it has rows
        for (let frame = 0; frame < 60 && !isSeen(); frame++) await new Promise(requestAnimationFrame);
        return isSeen() ? '' : e.outerHTML.slice(0, 400);
      })()`)) as string;
      if (found !== '' && !found.startsWith('<body')) unseen.push(found);
    }
    expect(unseen).toEqual([]);
  });
});
