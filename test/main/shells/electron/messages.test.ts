import { MessageChannel } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { connectClient } from '#shared/channel/client.ts';
import { messageChannelPort } from '#shared/channel/message-port.ts';
import { userError } from '#shared/base/errors.ts';
import { portMessage } from '#shared/shell/bridge.ts';
import { handOverChannels, type MainPort } from '#main/shells/electron/channels.ts';
import { handleFiles, type FileDialogs } from '#main/shells/electron/files.ts';
import { ipc } from '#main/shells/electron/ipc.ts';
import { bridges } from '#main/shells/electron/preload/bridges.ts';
import { guardIpc } from '#main/shells/electron/senders.ts';
import { fakeEmitter, fakeIpcMain, ownFrame } from '../../../support/electron-fakes.ts';
import { fakeShellCore, type echoTable } from '../../../support/fake-shell-core.ts';

describe('a message from a page', () => {
  const guarded = () => {
    const receiver = fakeIpcMain<string>();
    const refused: string[] = [];
    const guard = guardIpc<string>(receiver, (name, from) => refused.push(`${name} from ${from}`));
    return { receiver, refused, guard };
  };

  test('is answered when it comes from our main frame', async () => {
    const { receiver, guard } = guarded();
    guard.handle('double', z.number(), (n) => Promise.resolve(n * 2));
    expect(await receiver.ask('double', 21, 'window')).toBe(42);
  });

  test.each([
    ['another page', { url: 'https://evil.example/', parent: null }],
    ['a frame inside ours', { url: ownFrame.url, parent: ownFrame }],
    ['a frame that is gone', null],
    ['an empty page', { url: 'about:blank', parent: null }],
  ])('is refused and logged when it comes from %s', async (_name, frame) => {
    const { receiver, refused, guard } = guarded();
    let told = 0;
    guard.handle('x', z.any(), () => Promise.resolve('secret'));
    guard.on('y', () => told++);
    await expect(receiver.ask('x', null, 'window', frame)).rejects.toThrow('was refused');
    receiver.tell('y', 'window', frame);
    expect(told).toBe(0);
    expect(refused).toHaveLength(2);
  });

  test('with data of another shape is refused', async () => {
    const { receiver, guard } = guarded();
    guard.handle('x', z.strictObject({ path: z.string() }), () => Promise.resolve('ok'));
    for (const input of [null, {}, { path: 1 }, { path: 'a', more: 1 }]) {
      await expect(receiver.ask('x', input, 'window')).rejects.toThrow('was refused');
    }
  });

  test('that fails gives one line with the hint', async () => {
    const { receiver, guard } = guarded();
    guard.handle('x', z.null(), () =>
      Promise.reject(userError({ code: 'c', message: 'It is gone.', hint: 'Choose again.' })),
    );
    await expect(receiver.ask('x', null, 'window')).rejects.toThrow('It is gone. Choose again.');
  });
});

describe('files', () => {
  const room = (answers: Partial<FileDialogs<string>> = {}) => {
    const receiver = fakeIpcMain<string>();
    const core = fakeShellCore();
    const asked: unknown[] = [];
    const shown: string[] = [];
    handleFiles<string>(
      guardIpc<string>(receiver, () => {}),
      {
        showOpen(_owner, options) {
          asked.push(options);
          return Promise.resolve({ canceled: false, filePaths: [import.meta.filename] });
        },
        showSave(_owner, options) {
          asked.push(options);
          return Promise.resolve({ canceled: false, filePath: '/home/u/out.aiida' });
        },
        showInFolder: (path) => void shown.push(path),
        ...answers,
      },
      () => Promise.resolve(core.files),
    );
    return { receiver, core, asked, shown };
  };
  const request = { title: 'Open', extensions: ['aiida'], multiple: true };

  test('that a person chose come as handles, never as paths', async () => {
    const { receiver, asked } = room();
    const files = await receiver.ask(ipc.chooseFiles, request, 'window');
    expect(files).toEqual([{ handle: 'handle-1', name: 'messages.test.ts', size: expect.any(Number) }]);
    expect(JSON.stringify(files)).not.toContain('/');
    expect(asked).toEqual([
      {
        title: 'Open',
        properties: ['openFile', 'multiSelections'],
        filters: [
          { name: '.aiida', extensions: ['aiida'] },
          { name: 'All files', extensions: ['*'] },
        ],
      },
    ]);
  });

  test('may be a folder, where one is asked for', async () => {
    const asked: unknown[] = [];
    const { receiver, core } = room({
      showOpen(_owner, options) {
        asked.push(options);
        return Promise.resolve({ canceled: false, filePaths: [import.meta.dirname] });
      },
    });
    const wish = { title: 'Open', extensions: [], multiple: false, folder: true };
    const [place] = (await receiver.ask(ipc.chooseFiles, wish, 'window')) as [{ handle: string }];
    expect(place).toEqual({ handle: 'handle-1', name: 'electron', size: 0, folder: true });
    expect(core.files.pathOf(place.handle)).toBe(import.meta.dirname);
    expect(asked).toEqual([{ title: 'Open', properties: ['openDirectory'], filters: [] }]);
  });

  test('are none when the person cancels', async () => {
    const { receiver } = room({
      showOpen: () => Promise.resolve({ canceled: true, filePaths: [] }),
      showSave: () => Promise.resolve({ canceled: true, filePath: '' }),
    });
    expect(await receiver.ask(ipc.chooseFiles, request, 'window')).toEqual([]);
    expect(await receiver.ask(ipc.chooseSave, { title: 'Save', name: 'x' }, 'window')).toBeNull();
  });

  test('to be saved get their folder from the person, not from the page', async () => {
    const { receiver, asked, core } = room();
    const file = (await receiver.ask(ipc.chooseSave, { title: 'Save', name: '../../etc/x' }, 'window')) as {
      handle: string;
    };
    expect(asked).toEqual([{ title: 'Save', defaultPath: '.._.._etc_x' }]);
    expect(core.files.pathOf(file.handle)).toBe('/home/u/out.aiida');
  });

  test('are shown in their folder by handle; an unknown handle is refused in words', async () => {
    const { receiver, core, shown } = room();
    core.paths.set('h', '/home/u/out.aiida');
    await receiver.ask(ipc.deliver, 'h', 'window');
    expect(shown).toEqual(['/home/u/out.aiida']);
    await expect(receiver.ask(ipc.deliver, '/etc/passwd', 'window')).rejects.toThrow('not known');
    expect(shown).toHaveLength(1);
  });

  test('with an extension that is none are refused', async () => {
    const { receiver, asked } = room();
    const wrong = { ...request, extensions: ['*'] };
    await expect(receiver.ask(ipc.chooseFiles, wrong, 'window')).rejects.toThrow('was refused');
    expect(asked).toEqual([]);
  });
});

/** A port of Electron's main process, over a real one of Node: events come by `on`, with the data in an object. */
function fakeMainPort(port: MessageChannel['port1']): MainPort {
  return {
    on(event: string, listener: (event: { data: unknown }) => void) {
      if (event === 'close') port.on('close', () => listener({ data: null }));
      else port.on('message', (data) => listener({ data }));
    },
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  };
}

describe('a window that asks for a channel', () => {
  const room = () => {
    const receiver = fakeIpcMain<FakeWindow>();
    const core = fakeShellCore();
    let made = 0;
    const nodePorts = new Map<MainPort, MessageChannel['port1']>();
    handOverChannels(
      guardIpc<FakeWindow>(receiver, () => {}),
      {
        createChannel() {
          made++;
          const { port1, port2 } = new MessageChannel();
          const far = fakeMainPort(port2);
          nodePorts.set(far, port2);
          return { port1: fakeMainPort(port1), port2: far };
        },
        serve: (port) => core.serve(port),
      },
    );
    const window: FakeWindow = {
      received: [],
      postMessage(name, _message, [port]) {
        window.received.push({ name, port: nodePorts.get(port as MainPort) as MessageChannel['port1'] });
      },
    };
    onTestFinished(() => {
      for (const { port } of window.received) port.close();
    });
    return { receiver, window, core, made: () => made };
  };
  interface FakeWindow {
    readonly received: { readonly name: string; readonly port: MessageChannel['port1'] }[];
    postMessage(name: string, message: unknown, transfer: MainPort[]): void;
  }

  test('gets a port that carries the contract', async () => {
    const { receiver, window } = room();
    receiver.tell(ipc.openChannel, window);
    expect(window.received[0]?.name).toBe(ipc.port);
    const port = window.received[0]?.port as MessageChannel['port1'];
    const client = connectClient<typeof echoTable>(messageChannelPort(port));
    expect(await client.call('echo', { text: 'é' })).toEqual({ text: 'é' });
    expect((await client.call('bytes', { length: 1000 })).bytes).toHaveLength(1000);
  });

  test('gets a new one after a reload, and the former one ends', async () => {
    const { receiver, window } = room();
    receiver.tell(ipc.openChannel, window);
    const first = connectClient<typeof echoTable>(messageChannelPort(window.received[0]?.port as never));
    const ended = new Promise<void>((resolve) => {
      first.onClose(resolve);
    });
    receiver.tell(ipc.openChannel, window);
    await ended;
    const second = connectClient<typeof echoTable>(messageChannelPort(window.received[1]?.port as never));
    expect(await second.call('echo', { text: '2' })).toEqual({ text: '2' });
  });

  test('gets none when it is not ours', () => {
    const { receiver, window, made } = room();
    receiver.tell(ipc.openChannel, window, { url: 'https://evil.example/', parent: null });
    expect(made()).toBe(0);
    expect(window.received).toEqual([]);
  });
});

describe('what the page gets', () => {
  const room = (path = '/home/u/a.aiida') => {
    const emitter = fakeEmitter();
    const invoked: unknown[] = [];
    const sent: string[] = [];
    const given: unknown[] = [];
    const made = bridges(
      {
        invoke(name, input) {
          invoked.push([name, input]);
          return Promise.resolve({ handle: 'h', name: 'a', size: 1 });
        },
        send: (name) => void sent.push(name),
        on: emitter.on as never,
      },
      { pathOf: () => path, givePort: (message, ports) => void given.push([message, ports]) },
    );
    return { ...made, emitter, invoked, sent, given };
  };

  test('is two objects of plain functions', () => {
    const { channel, shell } = room();
    expect(Object.keys(channel)).toEqual(['open']);
    for (const [name, value] of Object.entries(shell)) {
      expect(typeof value).toBe(name === 'kind' ? 'string' : 'function');
    }
    expect(Object.keys(shell).sort()).toEqual(
      [
        'chooseFiles',
        'chooseSave',
        'deliver',
        'handleOf',
        'kind',
        'onCommand',
        'onOpenFile',
        'openExternal',
      ].sort(),
    );
  });

  test('is a port by the window, when it asked for one', () => {
    const { channel, emitter, sent, given } = room();
    channel.open();
    expect(sent).toEqual([ipc.openChannel]);
    emitter.emit(ipc.port, { ports: ['port'], sender: 'must stay here' }, null);
    expect(given).toEqual([[portMessage, ['port']]]);
  });

  test('never is an event object, and ends when it does not listen any more', () => {
    const { shell, emitter, sent } = room();
    const seen: unknown[][] = [];
    const stop = shell.onOpenFile((...args) => seen.push(args));
    shell.onCommand((...args) => seen.push(args));
    expect(sent).toEqual([ipc.readyForFiles]);
    emitter.emit(ipc.openFile, { sender: 'must stay here' }, { handle: 'h', name: 'a', size: 1 });
    emitter.emit(ipc.command, { sender: 'must stay here' }, 'frame.palette');
    stop();
    emitter.emit(ipc.openFile, {}, { handle: 'h2', name: 'b', size: 1 });
    expect(seen).toEqual([[{ handle: 'h', name: 'a', size: 1 }], ['frame.palette']]);
  });

  test('sends only the fields that it knows', async () => {
    const { shell, invoked } = room();
    await shell.chooseFiles({ title: 't', extensions: [], multiple: false, more: () => 1 } as never);
    expect(invoked).toEqual([
      [ipc.chooseFiles, { title: 't', extensions: [], multiple: false, folder: false }],
    ]);
  });

  test('makes a handle only of a file that lies on this computer', async () => {
    await expect(room('').shell.handleOf({})).rejects.toThrow('no file of this computer');
    const { shell, invoked } = room();
    expect(await shell.handleOf({})).toEqual({ handle: 'h', name: 'a', size: 1 });
    expect(invoked).toEqual([[ipc.handleOfPath, '/home/u/a.aiida']]);
  });
});
