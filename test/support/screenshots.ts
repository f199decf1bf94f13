import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

/** Where pictures of a walk go: `STEMMA_SCREENSHOTS`, or a folder that git ignores. */
export const screenshotsFolder =
  process.env['STEMMA_SCREENSHOTS'] ?? resolve(import.meta.dirname, '../../.cache/screenshots');

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

/** One picture of the page as it is, for each size and theme: `NAME-light-1280.png`. */
export async function pictures(page: Page, name: string): Promise<void> {
  mkdirSync(screenshotsFolder, { recursive: true });
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // what is drawn by hand follows a frame after the style does
      await page.waitForTimeout(250);
      const path = join(screenshotsFolder, `${name}-${colorScheme}-${size.width}.png`);
      await page.screenshot({ path });
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(sizes[0]);
}
