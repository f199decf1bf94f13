import type { MenuItemConstructorOptions } from 'electron';

/** Ids of the renderer's own commands; `go.…` is made of each place in its navigation. */
const menuCommands = {
  palette: 'frame.palette',
  keys: 'frame.keys',
  back: 'frame.back',
  forward: 'frame.forward',
  launch: 'go.launch',
  processes: 'go.processes',
  openArchive: 'archives.look',
  archives: 'go.archives',
  computers: 'go.computers',
  settings: 'go.settings',
  diagnostics: 'go.diagnostics',
} as const;

export interface MenuFacts {
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
  /** Runs a command of the window in front. */
  readonly run: (command: string) => void;
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
      command('Open Archive…', menuCommands.openArchive, 'CmdOrCtrl+O'),
      command('Archives…', menuCommands.archives),
      command('Computers…', menuCommands.computers),
      separator,
      ...(isMac ? [{ role: 'close' } as const] : [settings, separator, { role: 'quit' } as const]),
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      command('Processes', menuCommands.processes),
      command('All Commands…', menuCommands.palette, 'CmdOrCtrl+K'),
      separator,
      command('Back', menuCommands.back, isMac ? 'Cmd+[' : 'Alt+Left'),
      command('Forward', menuCommands.forward, isMac ? 'Cmd+]' : 'Alt+Right'),
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
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [
      command('Keyboard Shortcuts', menuCommands.keys),
      command('Diagnostics', menuCommands.diagnostics),
    ],
  };
  return [...(isMac ? [application] : []), file, { role: 'editMenu' }, view, { role: 'windowMenu' }, help];
}
