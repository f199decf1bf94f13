import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * How the renderer is built, for both shells. Addresses are absolute (`/process/…` is a page, so a relative `assets/`
 * would be looked for below it): the shell answers any path that is no file with index.html.
 */
export const rendererConfig: UserConfig = {
  root: `${root}src-renderer`,
  base: '/',
  plugins: [svelte({ configFile: `${root}svelte.config.js` })],
  build: {
    outDir: `${root}out/renderer`,
    emptyOutDir: true,
    target: 'chrome134',
    sourcemap: true,
    // Fonts and pictures stay files: the content policy has no data: for fonts.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script; Chromium needs none.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: `${root}src-renderer/index.html` },
  },
};

export default defineConfig(rendererConfig);
