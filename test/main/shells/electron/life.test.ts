import { describe, expect, test } from 'vitest';
import { recoverFromCrashes } from '#main/shells/electron/crashes.ts';
import { claimInstance } from '#main/shells/electron/instance.ts';
import { menuTemplate } from '#main/shells/electron/menu.ts';
import { archivesOf, createOpenQueue, profileOf } from '#main/shells/electron/open-queue.ts';
import { followPower } from '#main/shells/electron/power.ts';
import { openSecretBox, type SafeStorage } from '#main/shells/electron/secrets.ts';
import { closeBeforeQuit } from '#main/shells/electron/shutdown.ts';
import { fakeEmitter, fakeEvent } from '../../../support/electron-fakes.ts';
import { fakeShellCore } from '../../../support/fake-shell-core.ts';

describe('the words of a command line', () => {
  test('give the archives and nothing else', () => {
    const words = [
      '--no-sandbox',
      'a.aiida',
      '/abs/B.AIIDA',
      '--file=/c.aiida',
      'notes.txt',
      'https://x/y.aiida\0',
      '.',
    ];
    expect(archivesOf(words, '/home/u')).toEqual(['/home/u/a.aiida', '/abs/B.AIIDA']);
  });

  test('give the profile in both spellings', () => {
    expect(profileOf(['--profile', 'p'], '/home/u')).toBe('/home/u/p');
    expect(profileOf(['x', '--profile=/q'], '/home/u')).toBe('/q');
    expect(profileOf(['--profile'], '/home/u')).toBeNull();
    expect(profileOf(['--profiles', 'p'], '/home/u')).toBeNull();
  });
});

describe('files that wait for a window', () => {
  test('are all given when it is there, and later ones at once', () => {
    const queue = createOpenQueue();
    queue.push(['a', 'b']);
    const taken: string[] = [];
    queue.drain((path) => taken.push(path));
    queue.push(['c']);
    expect(taken).toEqual(['a', 'b', 'c']);
  });

  test('never become endlessly many', () => {
    const queue = createOpenQueue();
    for (let i = 0; i < 1000; i++) queue.push([String(i)]);
    const taken: string[] = [];
    queue.drain((path) => taken.push(path));
    expect(taken).toHaveLength(20);
  });
});

describe('a second instance', () => {
  const start = (isFirst: boolean) => {
    const emitter = fakeEmitter();
    const queue = createOpenQueue();
    const taken: string[] = [];
    queue.drain((path) => taken.push(path));
    const events: string[] = [];
    const app = {
      requestSingleInstanceLock: () => isFirst,
      quit: () => void events.push('quit'),
      on: emitter.on as never,
    };
    const claimed = claimInstance(app, queue, ['own.aiida'], '/here', () => events.push('show'));
    return { emitter, taken, events, claimed };
  };

  test('ends, and leaves its files to the first one', () => {
    expect(start(false)).toMatchObject({ claimed: false, events: ['quit'], taken: [] });
  });

  test('hands its archive over, by its own folder, and the window comes to the front', () => {
    const { emitter, taken, events } = start(true);
    emitter.emit('second-instance', {}, ['stemma', '--flag', 'x.aiida'], '/there');
    expect(taken).toEqual(['/here/own.aiida', '/there/x.aiida']);
    expect(events).toEqual(['show']);
  });

  test('is not needed on macOS, where the desktop asks', () => {
    const { emitter, taken } = start(true);
    const event = fakeEvent({});
    emitter.emit('open-file', event, '/abs/y.aiida');
    emitter.emit('open-file', event, '/abs/y.sh');
    expect(event.wasPrevented()).toBe(true);
    expect(taken).toEqual(['/here/own.aiida', '/abs/y.aiida']);
  });
});

describe('secrets', () => {
  const storage = (backend: string, isAvailable = true): SafeStorage => ({
    isAsyncEncryptionAvailable: () => Promise.resolve(isAvailable),
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: (text) => Promise.resolve(Buffer.from(text).reverse()),
    decryptStringAsync(sealed) {
      if (sealed.length === 0) return Promise.reject(new Error('no key'));
      return Promise.resolve({ result: Buffer.from(sealed).reverse().toString(), shouldReEncrypt: true });
    },
  });

  test('are sealed and opened where there is a keychain', async () => {
    const box = await openSecretBox(storage('gnome_libsecret'), 'linux');
    expect(box.unavailable).toBe('');
    const sealed = await box.seal('hunter2');
    expect(Buffer.from(sealed).toString()).not.toBe('hunter2');
    expect(await box.open(sealed)).toEqual({ secret: 'hunter2', shouldSealAgain: true });
  });

  test.each([
    ['linux', 'basic_text', true],
    ['linux', 'unknown', true],
    ['linux', 'kwallet6', false],
    ['darwin', '', false],
  ] as const)(
    'are refused in words on %s with %s (available: %s)',
    async (platform, backend, isAvailable) => {
      const box = await openSecretBox(storage(backend, isAvailable), platform);
      expect(box.unavailable).toContain('you are asked for them each time');
      await expect(box.seal('x')).rejects.toMatchObject({ code: 'secrets-not-kept' });
      await expect(box.open(new Uint8Array(3))).rejects.toMatchObject({ code: 'secrets-not-kept' });
    },
  );

  test('that cannot be read any more say what to do', async () => {
    const box = await openSecretBox(storage('kwallet6'), 'linux');
    await expect(box.open(new Uint8Array(0))).rejects.toMatchObject({ code: 'secret-unreadable' });
  });
});

describe('the end', () => {
  const room = (close: (budgetMs: number) => Promise<void>, platform: NodeJS.Platform = 'linux') => {
    const emitter = fakeEmitter();
    const events: string[] = [];
    const quit = (): boolean => {
      const event = fakeEvent({});
      emitter.emit('before-quit', event);
      if (!event.wasPrevented()) events.push('ended');
      return event.wasPrevented();
    };
    closeBeforeQuit(
      {
        on: emitter.on as never,
        quit: () => void quit(),
        exit: (status) => void events.push(`exit ${status}`),
      },
      platform,
      close,
      (thrown) => events.push(`error ${(thrown as Error).message}`),
    );
    return { emitter, events, quit };
  };

  test('closes the core once, and only then the app', async () => {
    let closed = 0;
    let release = (): void => {};
    const { events, quit } = room((budgetMs) => {
      closed++;
      expect(budgetMs).toBe(5000);
      return new Promise((resolve) => {
        release = resolve;
      });
    });
    expect(quit()).toBe(true);
    expect(quit()).toBe(true);
    expect({ closed, events }).toEqual({ closed: 1, events: [] });
    release();
    await expect.poll(() => events).toEqual(['ended']);
  });

  test('comes even when the core cannot close', async () => {
    const { events, quit } = room(() => Promise.reject(new Error('disk')));
    quit();
    await expect.poll(() => events).toEqual(['error disk', 'ended']);
  });

  test('comes with the last window, but not on macOS', async () => {
    const linux = room(() => Promise.resolve());
    linux.emitter.emit('window-all-closed');
    await expect.poll(() => linux.events).toEqual(['ended']);
    const mac = room(() => Promise.resolve(), 'darwin');
    mac.emitter.emit('window-all-closed');
    expect(mac.events).toEqual([]);
  });

  test('comes when the computer goes off, and sleep is told to the core', () => {
    const emitter = fakeEmitter();
    const core = fakeShellCore();
    let ended = 0;
    followPower({ on: emitter.on as never }, core, () => ended++);
    emitter.emit('suspend');
    emitter.emit('resume');
    const event = fakeEvent({});
    emitter.emit('shutdown', event);
    emitter.emit('shutdown');
    expect(core.events).toEqual(['suspend', 'resume']);
    expect({ ended, prevented: event.wasPrevented() }).toEqual({ ended: 2, prevented: true });
  });
});

describe('a window whose process is gone', () => {
  const room = (again: boolean) => {
    const emitter = fakeEmitter();
    let now = 0;
    const seen = { reloads: 0, asked: 0, words: [] as string[] };
    recoverFromCrashes(
      { on: emitter.on as never, reload: () => void seen.reloads++ },
      {
        monotonic: () => now,
        onGone: (words) => void seen.words.push(words),
        askToReload() {
          seen.asked++;
          return Promise.resolve(again);
        },
      },
    );
    const crash = (reason = 'crashed'): void =>
      emitter.emit('render-process-gone', {}, { reason, exitCode: 5 });
    return { seen, crash, later: (ms: number) => (now += ms) };
  };

  test('comes back by itself three times in five minutes, then the person is asked', async () => {
    const { seen, crash } = room(true);
    for (let i = 0; i < 4; i++) crash();
    expect(seen).toMatchObject({ reloads: 3, asked: 1 });
    await expect.poll(() => seen.reloads).toBe(4);
    expect(seen.words[0]).toBe("The window's process ended: crashed (5).");
  });

  test('stays away when the person does not want it', async () => {
    const { seen, crash } = room(false);
    for (let i = 0; i < 4; i++) crash('oom');
    await Promise.resolve();
    expect(seen).toMatchObject({ reloads: 3, asked: 1 });
  });

  test('that was rare comes back for ever', () => {
    const { seen, crash, later } = room(false);
    for (let i = 0; i < 10; i++) {
      crash();
      later(3 * 60_000);
    }
    expect(seen).toMatchObject({ reloads: 10, asked: 0 });
  });

  test('that ended as it should is left alone', () => {
    const { seen, crash } = room(true);
    crash('clean-exit');
    expect(seen).toEqual({ reloads: 0, asked: 0, words: [] });
  });
});

describe('the menu', () => {
  const template = (platform: NodeJS.Platform, isPackaged: boolean, ran: string[] = []) =>
    menuTemplate({ platform, isPackaged, run: (command) => ran.push(command) });
  const flat = (items: ReturnType<typeof template>): ReturnType<typeof template> =>
    items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

  test('has the application menu on macOS, and a way to quit everywhere', () => {
    expect(template('darwin', true)[0]?.label).toBe('Stemma');
    expect(template('linux', true)[0]?.label).toBe('File');
    for (const platform of ['darwin', 'linux', 'win32'] as const) {
      expect(flat(template(platform, true)).filter(({ role }) => role === 'quit')).toHaveLength(1);
    }
  });

  test('shows the developer tools to developers only', () => {
    const roles = (isPackaged: boolean) => flat(template('linux', isPackaged)).map(({ role }) => role);
    expect(roles(false)).toContain('toggleDevTools');
    expect(roles(true)).not.toContain('toggleDevTools');
    expect(roles(true)).not.toContain('reload');
  });

  test('runs the commands of the window', () => {
    const ran: string[] = [];
    for (const item of flat(template('linux', true, ran))) (item.click as (() => void) | undefined)?.();
    expect(ran.length).toBeGreaterThan(5);
    expect(new Set(ran).size).toBe(ran.length);
  });
});
