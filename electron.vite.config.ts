import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { entrySources } from './src-main/isolate/entry-points.ts';

const root = import.meta.dirname;
const isolate = resolve(root, 'src-main/isolate');

/** Each is a file `out/main/NAME.js`, which plain Node runs as well as Electron does. */
const mainEntries = {
  electron: resolve(root, 'src-main/shells/electron/main.ts'),
  stemma: resolve(root, 'src-main/cli/stemma.ts'),
  ...Object.fromEntries(
    Object.entries<string>(entrySources).map(([name, source]) => [name, resolve(isolate, source)]),
  ),
};

/** Optional native parts of `ssh2` and `ws`: not Node-API, so they would need a build for each Electron. */
const leftOut = /(^|\/)(cpu-features|sshcrypto\.node|bufferutil|utf-8-validate)$/;

/**
 * The packages look for them inside `try` and go on without. One module for each: a CommonJS module that throws does so
 * for its first asker only, the second would get an empty object for the real thing.
 */
function withoutNatives(): Plugin {
  const prefix = '\0left-out ';
  return {
    name: 'without-natives',
    enforce: 'pre',
    resolveId: (source) => (leftOut.test(source) ? `${prefix}${source}` : null),
    load: (id) => (id.startsWith(prefix) ? 'throw new Error("left out of the bundle");' : null),
  };
}

/** The texts of the built-in plugins go beside the bundle: runs of a workflow keep the text that they were made by. */
function pluginSources(): Plugin {
  const folder = resolve(root, 'src-main/plugins/builtin');
  return {
    name: 'plugin-sources',
    generateBundle() {
      for (const name of readdirSync(folder)) {
        const source = readFileSync(resolve(folder, name), 'utf8');
        this.emitFile({ type: 'asset', fileName: `plugin-sources/${name}`, source });
      }
    },
  };
}

export default defineConfig({
  main: {
    plugins: [withoutNatives(), pluginSources()],
    build: {
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        input: mainEntries,
        external: ['better-sqlite3'],
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          // Flat: `entryPoint()` looks beside the chunk that it is in.
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'src-main/shells/electron/preload/preload.ts') },
        // A sandboxed preload is one CommonJS file without any `require` but electron's.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src-renderer'),
    plugins: [svelte({ configFile: resolve(root, 'svelte.config.js') })],
    build: {
      minify: true,
      // A data: URL in a style would need a hole in the content security policy for nothing.
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: resolve(root, 'src-renderer/index.html') } },
    },
    worker: { format: 'es' },
  },
});
