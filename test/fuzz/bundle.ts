/**
 * The product as it is built and shipped, with the victim as one more entry: from source each thread and each process
 * would strip the types of some hundred files before it does anything, and a mutant needs several of them.
 */
import { mkdtempSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type InlineConfig } from 'vite';
import config from '../../electron.vite.config.ts';

const root = resolve(import.meta.dirname, '../..');

/** What electron-vite would put there: packages that were CommonJS ask for these. */
const banner =
  `import { createRequire as createRequireHere } from 'node:module';` +
  `const require = createRequireHere(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;`;

/** @returns the file to start, in a folder of its own, which belongs to whoever asked */
export async function bundleVictim(): Promise<{ readonly folder: string; readonly file: string }> {
  // inside of the project, where the native library is found as it is from the sources
  await mkdir(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache', 'fuzz-'));
  const { main } = config as { readonly main: InlineConfig };
  const options = main.build?.rolldownOptions;
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: main.plugins ?? [],
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'node24',
      rolldownOptions: {
        input: {
          ...(options?.input as Readonly<Record<string, string>>),
          victim: join(root, 'test/fuzz/victim.ts'),
        },
        external: ['better-sqlite3', 'electron'],
        output: { ...options?.output, banner },
      },
    },
  });
  return { folder, file: join(folder, 'victim.js') };
}
