import type { FileHandle } from '#shared/contract/areas/sharing.ts';
import { portMessage, type ChannelBridge, type ShellBridge } from '#shared/shell/bridge.ts';
import { ipc } from '../ipc.ts';

/** The members of Electron's `ipcRenderer`. */
export interface Sender {
  invoke(name: string, input?: unknown): Promise<unknown>;
  send(name: string): void;
  on(
    name: string,
    listener: (event: { readonly ports: readonly unknown[] }, ...data: unknown[]) => void,
  ): unknown;
}

export interface PageParts {
  /** The path of a file that the person dropped; empty for one that a page made. */
  readonly pathOf: (file: unknown) => string;
  readonly givePort: (message: string, ports: readonly unknown[]) => void;
}

/** What the page gets as `window.stemmaChannel` and `window.stemmaShell`. */
export function bridges(sender: Sender, page: PageParts): { channel: ChannelBridge; shell: ShellBridge } {
  sender.on(ipc.port, ({ ports }) => page.givePort(portMessage, ports));
  const openFile = listeners<FileHandle>(sender, ipc.openFile);
  const command = listeners<string>(sender, ipc.command);
  return {
    channel: { open: () => sender.send(ipc.openChannel) },
    shell: {
      kind: 'electron',
      chooseFiles: ({ title, extensions, multiple, folder = false }) =>
        sender.invoke(ipc.chooseFiles, { title, extensions, multiple, folder }) as Promise<
          readonly FileHandle[]
        >,
      chooseSave: ({ title, name }) =>
        sender.invoke(ipc.chooseSave, { title, name }) as Promise<FileHandle | null>,
      handleOf(file) {
        const path = page.pathOf(file);
        if (path === '') return Promise.reject(new Error('This is no file of this computer.'));
        return sender.invoke(ipc.handleOfPath, path) as Promise<FileHandle>;
      },
      deliver: (handle) => sender.invoke(ipc.deliver, handle) as Promise<void>,
      openExternal: (address) => sender.invoke(ipc.openExternal, address) as Promise<boolean>,
      onOpenFile(listener) {
        const stop = openFile(listener);
        sender.send(ipc.readyForFiles);
        return stop;
      },
      onCommand: command,
    },
  };
}

/** Many listeners in the page on one of ours; the event object stays here. */
function listeners<Item>(sender: Sender, name: string): (listener: (item: Item) => void) => () => void {
  const all = new Set<(item: Item) => void>();
  sender.on(name, (_event, item) => {
    for (const listener of all) listener(item as Item);
  });
  return (listener) => {
    all.add(listener);
    return () => void all.delete(listener);
  };
}
