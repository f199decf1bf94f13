import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { chromiumPath, noChromium, patienceMs } from '../chromium.ts';
import { newPage } from '../new-page.ts';
import { skipReason } from '../skips.ts';
import { buildRenderer } from './renderer.ts';
import { startFakeCore, type FakeCore, type FakeCoreOptions } from './start.ts';

/** Why tests in a browser do not run here; null when they do. */
export const noBrowser = skipReason('the renderer in Chromium', noChromium);

export interface OpenOptions extends BrowserContextOptions {
  /** `/processes?filter=…` */
  readonly path?: string;
}

export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the console, what was thrown, and what the content policy refused. */
  readonly complaints: string[];
}

/** A browser and a fake core for one file of tests. */
export class Stage {
  readonly core: FakeCore;
  readonly #browser: Browser;

  private constructor(core: FakeCore, browser: Browser) {
    this.core = core;
    this.#browser = browser;
  }

  static async open({
    webgl = false,
    ...options
  }: Omit<FakeCoreOptions, 'rendererFolder'> & { readonly webgl?: boolean } = {}): Promise<Stage> {
    const rendererFolder = await buildRenderer('gallery');
    const core = await startFakeCore({ rendererFolder, ...options });
    const browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: [
        '--headless=new',
        '--no-sandbox',
        // A machine of tests has no graphics card: WebGL, where it is wanted, is computed.
        ...(webgl ? ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'] : ['--disable-gpu']),
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    return new Stage(core, browser);
  }

  /** A window of its own, as a person gets it from the printed address. */
  async page({ path = '/processes', ...options }: OpenOptions = {}): Promise<OpenedPage> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    });
    context.setDefaultTimeout(patienceMs);
    const page = await newPage(context);
    const complaints: string[] = [];
    page.on('console', (message) => {
      const text = message.text();
      // A header of the shell names a feature that this Chromium does not know: no matter of the page.
      const isHeader = text.includes('Permissions-Policy');
      // Without a graphics card, what WebGL has drawn is read back for the screen.
      const isReadBack = text.includes('GPU stall due to ReadPixels');
      if (['error', 'warning'].includes(message.type()) && !isHeader && !isReadBack) complaints.push(text);
    });
    page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.violatedDirective, e.blockedURI, e.sample));`,
    );
    const address = new URL(this.core.address);
    await page.goto(address.href);
    await page.getByText('Engine runs').waitFor();
    if (path !== '') await this.goTo(page, path);
    return { page, complaints };
  }

  /** The app anew in a window that was used before: its files are at hand, which halves the time of a load. */
  async again({ page, complaints }: OpenedPage): Promise<void> {
    await page.goto('about:blank');
    complaints.length = 0;
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(this.core.address);
    await page.getByText('Engine runs').waitFor();
  }

  /** As when a person follows a link inside the window. Resolves when the page before has gone. */
  async goTo(page: Page, path: string): Promise<void> {
    await page.evaluate(`new Promise((resolve) => {
      const before = location.href;
      addEventListener('hashchange', () => requestAnimationFrame(resolve), { once: true });
      location.hash = ${JSON.stringify(`#${path}`)};
      if (location.href === before) resolve();
    })`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.core.close();
    if (this.core.defects.length > 0) throw new AggregateError(this.core.defects, 'The fake core broke');
  }
}
