import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appAddress, appRequestHandler, appScheme, isOwnAddress } from '#main/shells/electron/app-scheme.ts';
import { createExternalOpener, safeUrl } from '#main/shells/electron/external.ts';
import { guardNavigation } from '#main/shells/electron/navigation.ts';
import { guardPermissions, type PermissionSession } from '#main/shells/electron/permissions.ts';
import { windowOptions } from '#main/shells/electron/window-options.ts';
import { listRendererFiles } from '#main/shells/renderer-files.ts';
import { fakeEmitter, fakeEvent } from '../../../support/electron-fakes.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

describe('the options of a window', () => {
  test('are those of the security checklist, each said aloud', () => {
    const options = windowOptions({ preload: '/p.cjs', isDark: false, isPackaged: true, icon: null });
    expect(options.webPreferences).toEqual({
      preload: '/p.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
      devTools: false,
      v8CacheOptions: 'bypassHeatCheck',
    });
    expect(options).toMatchObject({ show: false, name: 'main', windowStatePersistence: true });
  });

  test('give the developer tools to developers only, and a ground that does not flash', () => {
    const dark = windowOptions({ preload: '', isDark: true, isPackaged: false, icon: '/i.png' });
    const light = windowOptions({ preload: '', isDark: false, isPackaged: false, icon: null });
    expect(dark.webPreferences?.devTools).toBe(true);
    expect(dark.backgroundColor).not.toBe(light.backgroundColor);
    expect(dark.icon).toBe('/i.png');
  });
});

describe('the address of the app', () => {
  test.each([appAddress, 'app://main', 'app://main/assets/a.js?x#y'])('is ours: %s', (address) => {
    expect(isOwnAddress(address)).toBe(true);
  });

  test.each([
    'app://evil/index.html',
    'app://main.evil/index.html',
    'app://main:80@evil/',
    'app://user@main/',
    'file:///index.html',
    'https://main/index.html',
    'javascript:alert(1)//app://main/',
    'data:text/html,app://main/',
    '',
    'app:main',
  ])('is not ours: %s', (address) => {
    expect(isOwnAddress(address)).toBe(false);
  });

  test('has a scheme with an origin, a code cache, and no way around the policy', () => {
    expect(appScheme).toEqual({
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    });
  });
});

describe('a request to app://', () => {
  const handler = () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'renderer', 'index.html'), '<title>Stemma</title>');
    writeFileSync(join(folder, 'renderer', 'assets', 'a-1.js'), 'export {};');
    writeFileSync(join(folder, 'secret.html'), 'secret');
    const files = listRendererFiles(join(folder, 'renderer'));
    return appRequestHandler(files, async (path) => new Uint8Array(await readFile(path)));
  };

  test('gives a file of the app with its type and the policy', async () => {
    const page = await handler()({ url: appAddress, method: 'GET' });
    expect(await page.text()).toBe('<title>Stemma</title>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const asset = await handler()({ url: 'app://main/assets/a-1.js', method: 'GET' });
    expect(asset.headers.get('cache-control')).toContain('immutable');
  });

  test.each([
    ['GET', 'app://main/../secret.html'],
    ['GET', 'app://main/assets/../../secret.html'],
    ['GET', 'app://main/%2e%2e/secret.html'],
    ['GET', 'app://main/..%2fsecret.html'],
    ['GET', 'app://main/..%5csecret.html'],
    ['GET', 'app://main//secret.html'],
    ['GET', 'app://other/index.html'],
    ['GET', 'app://main/nothing'],
    ['POST', appAddress],
  ])('gives nothing else: %s %s', async (method, url) => {
    const reply = await handler()({ url, method });
    expect(reply.status).toBe(403);
    expect(await reply.text()).not.toContain('secret');
    expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('permissions', () => {
  const guarded = () => {
    const handlers: {
      request?: Parameters<PermissionSession['setPermissionRequestHandler']>[0];
      check?: Parameters<PermissionSession['setPermissionCheckHandler']>[0];
      device?: () => boolean;
    } = {};
    const denied: string[] = [];
    guardPermissions(
      {
        setPermissionRequestHandler: (handler) => void (handlers.request = handler),
        setPermissionCheckHandler: (handler) => void (handlers.check = handler),
        setDevicePermissionHandler: (handler) => void (handlers.device = handler),
        setDisplayMediaRequestHandler: () => {},
      },
      (permission) => denied.push(permission),
    );
    const request = (permission: string, requestingUrl: string, isMainFrame = true): boolean => {
      let answer = false;
      handlers.request?.(null, permission, (granted) => (answer = granted), { requestingUrl, isMainFrame });
      return answer;
    };
    return { handlers, denied, request };
  };

  test('are three, for our page only', () => {
    const { request, handlers, denied } = guarded();
    for (const permission of ['clipboard-sanitized-write', 'fullscreen', 'notifications']) {
      expect(request(permission, appAddress)).toBe(true);
      expect(request(permission, 'https://evil.example/')).toBe(false);
      expect(request(permission, appAddress, false)).toBe(false);
      expect(handlers.check?.(null, permission, 'app://main/')).toBe(true);
      expect(handlers.check?.(null, permission, 'https://evil.example')).toBe(false);
    }
    expect(denied).toHaveLength(6);
  });

  test.each([
    'media',
    'geolocation',
    'clipboard-read',
    'usb',
    'serial',
    'openExternal',
    'fileSystem',
    'unknown',
  ])('never include %s', (permission) => {
    const { request, handlers } = guarded();
    expect(request(permission, appAddress)).toBe(false);
    expect(handlers.check?.(null, permission, 'app://main')).toBe(false);
    expect(handlers.device?.()).toBe(false);
  });
});

describe('a page that wants to get somewhere else', () => {
  const guarded = () => {
    const emitter = fakeEmitter();
    const opened: string[] = [];
    const denied: string[] = [];
    let openWindow: (details: { url: string }) => { action: 'deny' } = () => ({ action: 'deny' });
    guardNavigation(
      { on: emitter.on, setWindowOpenHandler: (handler) => void (openWindow = handler) },
      (address) => opened.push(address),
      (what) => denied.push(what),
    );
    return { emitter, opened, denied, openWindow: (url: string) => openWindow({ url }) };
  };

  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('is stopped at %s', (name) => {
    const { emitter, denied } = guarded();
    for (const url of ['https://evil.example/', 'file:///etc/passwd', 'app://evil/', 'data:text/html,x']) {
      const event = fakeEvent({ url });
      emitter.emit(name, event);
      expect(event.wasPrevented()).toBe(true);
    }
    const own = fakeEvent({ url: `${appAddress}#/processes` });
    emitter.emit(name, own);
    expect(own.wasPrevented()).toBe(false);
    expect(denied).toHaveLength(4);
  });

  test('gets no webview and no window; the address goes to the rule for external ones', () => {
    const { emitter, opened, openWindow } = guarded();
    const event = fakeEvent({});
    emitter.emit('will-attach-webview', event);
    expect(event.wasPrevented()).toBe(true);
    expect(openWindow('https://example.org/')).toEqual({ action: 'deny' });
    expect(opened).toEqual(['https://example.org/']);
  });
});

describe('an external address', () => {
  const opener = (answer: boolean) => {
    const opened: string[] = [];
    const asked: string[] = [];
    const open = createExternalOpener({
      open: (address) => Promise.resolve(void opened.push(address)),
      confirm: (address) => Promise.resolve(asked.push(address) > 0 && answer),
    });
    return { open, opened, asked };
  };

  test.each([
    'http://example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'ms-msdt:/id',
    'vscode://file/x',
    'https://good.example@evil.example/',
    'https://user:pw@example.org/',
    'no address',
    `https://example.org/${'a'.repeat(3000)}`,
  ])('is never opened: %s', async (address) => {
    const { open, opened, asked } = opener(true);
    expect(await open(address)).toBe(false);
    expect(opened.concat(asked)).toEqual([]);
  });

  test('is opened when the person agrees, as it was shown, and then not asked about again', async () => {
    const { open, opened, asked } = opener(true);
    expect(await open('https://EXAMPLE.org/a/../b')).toBe(true);
    expect(await open('https://example.org/c')).toBe(true);
    expect(asked).toEqual(['https://example.org/b']);
    expect(opened).toEqual(['https://example.org/b', 'https://example.org/c']);
    expect(await open('https://other.example/')).toBe(true);
    expect(asked).toHaveLength(2);
  });

  test('is not opened when the person does not, and asked about again', async () => {
    const { open, opened, asked } = opener(false);
    expect(await open('mailto:a@example.org')).toBe(false);
    expect(await open('mailto:a@example.org')).toBe(false);
    expect(opened).toEqual([]);
    expect(asked).toHaveLength(2);
  });

  test('keeps no trick with tabs and newlines', () => {
    expect(safeUrl('java\nscript:alert(1)')).toBeNull();
    expect(safeUrl(' \thttps://example.org')?.href).toBe('https://example.org/');
  });
});
