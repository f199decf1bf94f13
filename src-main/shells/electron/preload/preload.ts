// Runs in the sandbox between the page and the shell. It exposes two objects of plain functions and nothing of
// Electron's own: no `ipcRenderer`, no event objects.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { bridges } from './bridges.ts';

/** The page's window, as far as it is needed here: this room is checked without the DOM's types. */
declare const window: {
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
  readonly location: { readonly origin: string };
};

const { channel, shell } = bridges(ipcRenderer, {
  pathOf: (file) => webUtils.getPathForFile(file as File),
  // A port cannot pass the bridge, so it goes by the window, to our own origin only.
  givePort: (message, ports) => window.postMessage(message, window.location.origin, ports),
});
contextBridge.exposeInMainWorld('stemmaChannel', channel);
contextBridge.exposeInMainWorld('stemmaShell', shell);
