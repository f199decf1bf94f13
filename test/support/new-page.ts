import type { BrowserContext, Page } from 'playwright-core';

/**
 * A page whose `getByText` finds only what is to be seen. The app says some words a second time, to screen readers,
 * a moment after they appear: without this, a wait for such words fails when it looks in that moment.
 */
export async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  const seen = page.locator(':not([aria-live])');
  const getByText = page.getByText.bind(page);
  page.getByText = (text, options) => getByText(text, options).and(seen);
  return page;
}
