import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { rendererConfig } from '../../../vite.renderer.config.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Builds the renderer with its gallery into a folder of its own, when a source has changed since the last time, and says
 * where. `gallery` is otherwise as the product has it; `development` adds Svelte's own checks, which speak up in the
 * console.
 */
export async function buildRenderer(mode: 'gallery' | 'development'): Promise<string> {
  const outDir = `${root}.cache/renderer-${mode}`;
  const stamp = `${outDir}/.stamp`;
  const sources = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return outDir;
  await build({
    ...rendererConfig,
    configFile: false,
    mode,
    logLevel: 'warn',
    build: { ...rendererConfig.build, outDir },
  });
  writeFileSync(stamp, sources);
  return outDir;
}

function sourcesHash(): string {
  const hash = createHash('sha256');
  const files = globSync(['src-renderer/**/*.*', 'src-shared/**/*.ts', '*.config.ts', 'svelte.config.js'], {
    cwd: root,
  });
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(root + file));
  return hash.digest('hex');
}
