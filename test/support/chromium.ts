import { findProgram } from './programs.ts';

/** Debian's Chromium, or the one that CHROMIUM names. */
export const chromiumPath: string | null =
  process.env['CHROMIUM'] ?? findProgram('chromium') ?? findProgram('google-chrome');

/** What has not come to a page by then does not come: no measure of how fast anything is. */
export const patienceMs = 120_000;

/** Why no real browser can be used here; null where one can. */
export const noChromium: string | null = chromiumPath === null ? 'chromium is not installed' : null;
