import { basename } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumPath, patienceMs } from '../support/chromium.ts';
import { newPage } from '../support/new-page.ts';

/** A window of the built app over the real core, and what went wrong in it. */
export class AppWindow {
  readonly page: Page;
  /** What was thrown, what the console called an error, and what the content policy refused. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async open(address: string): Promise<AppWindow> {
    const browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      // structures are drawn without a graphics card, too
      args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic'],
    });
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(patienceMs);
    const window = new AppWindow(browser, await newPage(context));
    await window.page.goto(address);
    await window.page.getByText('Engine runs').waitFor();
    return window;
  }

  /** `/node/UUID?tab=files`, as when a person follows a link. Resolves when the page has what it shows. */
  async goTo(path: string): Promise<void> {
    const address = new URL(this.page.url());
    if (address.hash !== `#${path}`) {
      address.hash = path;
      await this.page.goto(address.href);
    }
    await this.settled();
  }

  /** Nothing on the page says that it is still being fetched, and nothing moves. */
  async settled(): Promise<void> {
    const main = this.page.getByRole('main');
    await main.getByRole('heading', { level: 1 }).waitFor();
    await main.locator('.skeleton').first().waitFor({ state: 'detached' });
    // what is drawn on a canvas comes a frame after what it is drawn from
    await this.page.waitForTimeout(400);
    await main.locator('.skeleton').first().waitFor({ state: 'detached' });
  }

  /**
   * What the first tab of a node is called, and the errors that it shows. Waits until the page has what it shows, not until
   * a picture of it is drawn.
   */
  async lookAt(path: string): Promise<{ readonly tab: string; readonly errors: readonly string[] }> {
    const address = new URL(this.page.url());
    address.hash = path;
    await this.page.goto(address.href);
    const main = this.page.getByRole('main');
    const uuid = /[0-9a-f-]{36}/.exec(path)?.[0] ?? '';
    await main.getByText(uuid).first().waitFor();
    const chosen = main.getByRole('tab', { selected: true }).first();
    await main.locator('.skeleton').first().waitFor({ state: 'detached' });
    return {
      tab: (await chosen.textContent()) ?? '',
      errors: await main.getByRole('alert').allTextContents(),
    };
  }

  /** Looks into an archive without importing it; gives the name of the source. */
  async openInPlace(archive: string): Promise<string> {
    await this.goTo('/archives');
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Choose an archive…' }).click();
    await (await chooser).setFiles(archive);
    // the page of the comparison has it; the list of open archives, which shows until then, has others
    await this.page.getByRole('link', { name: 'Look inside without importing' }).click();
    await this.page.waitForURL(/[?&]source=/);
    await this.page.getByRole('heading', { level: 1, name: basename(archive) }).waitFor();
    const source = new URLSearchParams(this.page.url().split('?').at(-1)).get('source');
    if (source === null) throw new Error(`No source in ${this.page.url()}`);
    return source;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
