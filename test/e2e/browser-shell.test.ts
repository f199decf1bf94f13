import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { notBuilt, serving } from '../support/built-app.ts';
import { chromiumPath, noChromium, patienceMs } from '../support/chromium.ts';
import { newPage } from '../support/new-page.ts';
import { skipReason } from '../support/skips.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const reason = skipReason('the app in a real browser', notBuilt ?? noChromium);

describe.skipIf(reason !== null)('the app in a real browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  async function open(address: string): Promise<{ page: Page; violations: string[]; errors: string[] }> {
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    context.setDefaultTimeout(patienceMs);
    const page = await newPage(context);
    const violations: string[] = [];
    const errors: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted(HTML|Script)/.test(message.text()))
        violations.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(address);
    return { page, violations, errors };
  }

  const profile = (): string => join(temporaryFolder(), 'profile');
  /** The frame with its navigation is there only when the core has answered. */
  const ready = (page: Page) => page.waitForSelector('nav a');

  test('opens by its address, breaks no rule of its policy, and hides the token', async () => {
    const server = await serving(profile());
    const { page, violations, errors } = await open(server.address);
    await ready(page);
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
    await expect.poll(() => page.url()).not.toContain('token');
    expect(await page.evaluate('document.cookie')).toBe('');
    await server.end();
  });

  test('comes back after a reload of its tab, and asks for the address in a new one', async () => {
    const server = await serving(profile());
    const { page } = await open(server.address);
    await ready(page);
    await page.reload();
    await ready(page);
    const stranger = await open(new URL(server.address).origin);
    await stranger.page.getByText('stemma serve').first().waitFor();
    await server.end();
  });

  test('runs no script that stands in it, from elsewhere, or in an attribute', async () => {
    const server = await serving(profile());
    const { page } = await open(server.address);
    await ready(page);
    const ran = await page.evaluate(`(async () => {
      globalThis.canary = 0;
      const attempts = [
        () => { const s = document.createElement('script'); s.textContent = 'canary = 1'; document.body.append(s); },
        () => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="canary = 2">'); },
        () => { document.body.setAttribute('onclick', 'canary = 3'); document.body.click(); },
        () => { const s = document.createElement('script'); s.src = 'data:text/javascript,canary=4'; document.body.append(s); },
        () => { eval('canary = 5'); },
        () => { setTimeout('canary = 6'); },
        () => { const f = document.createElement('iframe'); f.src = 'javascript:parent.canary = 7'; document.body.append(f); },
      ];
      // Later, by a timer: what a test evaluates itself is allowed everything.
      for (const attempt of attempts) setTimeout(() => { try { attempt(); } catch {} });
      await new Promise((resolve) => setTimeout(resolve, 500));
      return globalThis.canary;
    })()`);
    expect(ran).toBe(0);
    await server.end();
  });

  test('reaches nothing but its own server', async () => {
    const server = await serving(profile());
    const other = await serving(profile());
    const { page } = await open(server.address);
    await ready(page);
    const { origin } = new URL(other.address);
    const reached = await page.evaluate(`Promise.all([
      fetch('${origin}/').then(() => 'fetched', () => 'blocked'),
      new Promise((resolve) => {
        try {
          const socket = new WebSocket('${origin.replace('http', 'ws')}/channel', ['stemma.1']);
          socket.onopen = () => resolve('opened');
          socket.onerror = () => resolve('blocked');
        } catch { resolve('blocked'); }
      }),
      new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve('loaded');
        image.onerror = () => resolve('blocked');
        image.src = '${origin}/icon.svg';
      }),
    ])`);
    expect(reached).toEqual(['blocked', 'blocked', 'blocked']);
    await Promise.all([server.end(), other.end()]);
  });

  test('is reached by no page of another origin, even one that knows the port', async () => {
    const server = await serving(profile());
    const { port } = new URL(server.address);
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    context.setDefaultTimeout(patienceMs);
    const page = await newPage(context);
    await page.route('http://evil.example/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>evil</title>' }),
    );
    await page.goto('http://evil.example/');
    const reached = await page.evaluate(`Promise.all([
      fetch('http://127.0.0.1:${port}/').then((r) => r.type, () => 'blocked'),
      fetch('http://127.0.0.1:${port}/files?name=x', { method: 'POST', body: 'x', mode: 'no-cors' }).then((r) => r.type, () => 'blocked'),
      new Promise((resolve) => {
        const socket = new WebSocket('ws://127.0.0.1:${port}/channel', ['stemma.1']);
        socket.onopen = () => resolve('opened');
        socket.onerror = () => resolve('blocked');
      }),
    ])`);
    // An opaque answer is one that the page cannot read; what was asked was refused by the server.
    expect((reached as string[])[0]).toBe('blocked');
    expect(['blocked', 'opaque']).toContain((reached as string[])[1]);
    expect((reached as string[])[2]).toBe('blocked');
    await server.end();
  });

  test('says so when the server ends', async () => {
    const directory = profile();
    const server = await serving(directory);
    const { page, errors } = await open(server.address);
    await ready(page);
    await server.end();
    await page.getByText(/connection to Stemma’s core is lost/).waitFor();
    expect(errors).toEqual([]);
  });
});
