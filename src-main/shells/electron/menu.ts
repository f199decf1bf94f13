import type { MenuItemConstructorOptions } from 'electron';

/** Ids of the renderer's own commands that stand in the menu. */
export const menuCommands = {
  palette: 'app.palette',
  settings: 'app.settings',
  importArchive: 'archives.import',
  openArchive: 'archives.open',
  exportArchive: 'archives.export',
  launch: 'launch.open',
  addComputer: 'computers.add',
} as const;

export interface MenuFacts {
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
  /** Runs a command of the window in front. */
  readonly run: (command: string) => void;
  readonly openExternal: (address: string) => void;
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The application menu: the desktop's own roles, and the commands that people look for in a menu. */
export function menuTemplate(facts: MenuFacts): MenuItemConstructorOptions[] {
  const isMac = facts.platform === 'darwin';
  const command = (label: string, id: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => facts.run(id),
    ...(accelerator !== undefined && { accelerator }),
  });
  const settings = command('Settings…', menuCommands.settings, 'CmdOrCtrl+,');
  const application: MenuItemConstructorOptions = {
    label: 'Stemma',
    submenu: [
      { role: 'about' },
      separator,
      settings,
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [
      command('Launch…', menuCommands.launch, 'CmdOrCtrl+N'),
      separator,
      command('Open Archive…', menuCommands.openArchive, 'CmdOrCtrl+O'),
      command('Import Archive…', menuCommands.importArchive),
      command('Export…', menuCommands.exportArchive),
      separator,
      command('Add Computer…', menuCommands.addComputer),
      separator,
      ...(isMac ? [{ role: 'close' } as const] : [settings, separator, { role: 'quit' } as const]),
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      command('All Commands…', menuCommands.palette, 'CmdOrCtrl+K'),
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      ...(facts.isPackaged
        ? []
        : [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
    ],
  };
  return [...(isMac ? [application] : []), file, { role: 'editMenu' }, view, { role: 'windowMenu' }];
}
