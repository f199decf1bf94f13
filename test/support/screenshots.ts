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

const named = process.env['STEMMA_SCREENSHOTS'] !== undefined;

/**
 * Pictures of the page as it is: `NAME-light-1280.png`, and where a folder for them was named also in the dark theme and
 * in the larger size.
 */
export async function pictures(page: Page, name: string): Promise<void> {
  mkdirSync(screenshotsFolder, { recursive: true });
  for (const size of named ? sizes : sizes.slice(0, 1)) {
    await page.setViewportSize(size);
    for (const colorScheme of named ? (['light', 'dark'] as const) : (['light'] as const)) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // what is drawn by hand follows a frame after the style does
      if (named) await page.waitForTimeout(600);
      await page.screenshot({ path: join(screenshotsFolder, `${name}-${colorScheme}-${size.width}.png`) });
    }
  }
  if (!named) return;
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(sizes[0]);
}
