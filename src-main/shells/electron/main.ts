// The Electron shell: this file hands Electron's members to the functions beside it, and nothing else.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  powerMonitor,
  protocol,
  session,
  shell,
  utilityProcess,
  type WebContents,
} from 'electron';
import { z } from 'zod';
import { errorInfo, errorLine } from '#shared/base/errors.ts';
import { defaultProfileDirectory } from '../../profile/folder.ts';
import { residentMemory } from '../../isolate/resident-memory.ts';
import type { ShellCore } from '../core-face.ts';
import { openShellCore } from '../open-shell-core.ts';
import { listRendererFiles } from '../renderer-files.ts';
import { appAddress, appRequestHandler, appScheme } from './app-scheme.ts';
import { handOverChannels } from './channels.ts';
import { recoverFromCrashes } from './crashes.ts';
import { utilityChildren } from './expendable.ts';
import { createExternalOpener } from './external.ts';
import { handleFiles } from './files.ts';
import { claimInstance } from './instance.ts';
import { ipc } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { guardNavigation } from './navigation.ts';
import { createOpenQueue, profileOf } from './open-queue.ts';
import { guardPermissions } from './permissions.ts';
import { followPower } from './power.ts';
import { guardIpc } from './senders.ts';
import { closeBeforeQuit } from './shutdown.ts';
import { windowOptions } from './window-options.ts';

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Before the app is ready, and so before the first `await`: the sandbox, the scheme, and who takes files.
app.enableSandbox();
protocol.registerSchemesAsPrivileged([appScheme]);
Menu.setApplicationMenu(null);
const words = process.argv.slice(app.isPackaged ? 1 : 2);
const queue = createOpenQueue();
let window: BrowserWindow | null = null;

const showWindow = (): void => {
  if (window === null) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
};

if (claimInstance(app, queue, words, process.cwd(), showWindow)) {
  void start().catch((thrown: unknown) => {
    dialog.showErrorBox('Stemma cannot start', errorLine(errorInfo(thrown)));
    app.exit(1);
  });
}

async function start(): Promise<void> {
  await app.whenReady();
  const profile = profileOf(words, process.cwd()) ?? defaultProfileDirectory();
  // In parallel: the window comes up while the database opens.
  const opening = openShellCore({ profile, shell: 'electron', startChild });
  let core: ShellCore | null = null;
  closeBeforeQuit(
    app,
    process.platform,
    async (budgetMs) => (await opening).close(budgetMs),
    (thrown) => log('shutdown', thrown),
  );

  const log = (doing: string, thrown: unknown): void => core?.log(doing, thrown);
  const refused = (what: string): void => log('refused', new Error(what));
  const openExternal = createExternalOpener({ open: (address) => shell.openExternal(address), confirm });

  protocol.handle('app', appRequestHandler(listRendererFiles(beside('../renderer')), readAsset));
  guardPermissions(session.defaultSession, refused);
  app.on('web-contents-created', (_event, contents) => {
    guardNavigation(contents, (address) => void openExternal(address), refused);
  });
  app.on('child-process-gone', (_event, { type, reason }) =>
    log('child process', new Error(`${type}: ${reason}`)),
  );

  const open = (): void => {
    window = createWindow(log);
    window.on('closed', () => (window = null));
  };
  open();
  app.on('activate', () => {
    if (window === null) open();
  });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        isPackaged: app.isPackaged,
        run: (command) => window?.webContents.send(ipc.command, command),
      }),
    ),
  );

  serveWindow(opening, openExternal, refused);
  core = await opening;
  followPower(powerMonitor, core, () => app.quit());
}

/** Takes messages at once, and answers them when the core is open. */
function serveWindow(
  opening: Promise<ShellCore>,
  openExternal: (address: string) => Promise<boolean>,
  refused: (what: string) => void,
): void {
  const guarded = guardIpc<WebContents>(ipcMain, (name, from) => refused(`${name} from ${from}`));
  handOverChannels(guarded, {
    createChannel: () => new MessageChannelMain(),
    // A core that cannot open ends the app, in `start`.
    serve: (port) => void opening.then((core) => core.serve(port)).catch(() => port.close()),
  });
  const owner = (contents: WebContents): BrowserWindow => {
    const found = BrowserWindow.fromWebContents(contents);
    if (found === null) throw new Error('The window is gone.');
    return found;
  };
  handleFiles(
    guarded,
    {
      showOpen: (contents, options) => dialog.showOpenDialog(owner(contents), options),
      showSave: (contents, options) => dialog.showSaveDialog(owner(contents), options),
      showInFolder: (path) => shell.showItemInFolder(path),
    },
    async () => (await opening).files,
  );
  guarded.handle(ipc.openExternal, z.string().max(2_000), (address) => openExternal(address));
  guarded.on(ipc.readyForFiles, (contents) => {
    void opening.then((core) =>
      queue.drain((path) => {
        void core.files.offer(path).then(
          (file) => contents.send(ipc.openFile, file),
          (thrown: unknown) => core.log('opening a file of the desktop', thrown),
        );
      }),
    );
  });
}

function createWindow(log: (doing: string, thrown: unknown) => void): BrowserWindow {
  const created = new BrowserWindow(
    windowOptions({
      preload: beside('../preload/preload.cjs'),
      isDark: nativeTheme.shouldUseDarkColors,
      isPackaged: app.isPackaged,
      icon: process.platform === 'linux' ? beside('../../resources/icons/512x512.png') : null,
    }),
  );
  created.once('ready-to-show', () => created.show());
  recoverFromCrashes(created.webContents, {
    monotonic: () => performance.now(),
    onGone: (text) => log('window', new Error(text)),
    async askToReload(text) {
      const { response } = await dialog.showMessageBox({
        type: 'error',
        message: 'The window keeps failing.',
        detail: `${text} Your calculations go on. Load it again?`,
        buttons: ['Load again', 'Quit'],
        cancelId: 1,
      });
      if (response === 1) app.quit();
      return response === 0;
    },
  });
  void created.loadURL(appAddress);
  return created;
}

/** The fuses of the packaged app switch off Node's own fork. */
const startChild = utilityChildren({
  fork: (module, args, options) => utilityProcess.fork(module, args, options),
  kill: (pid) => process.kill(pid, 'SIGKILL'),
  memoryOf: residentMemory,
});

const readAsset = async (path: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(path));

async function confirm(address: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: 'Open this address in another program?',
    detail: address,
    buttons: ['Open', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}
