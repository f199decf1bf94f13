import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { rendererConfig } from '../../../vite.renderer.config.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Builds the renderer with its gallery into a folder of its own, and says where. `gallery` is otherwise as the product
 * has it; `development` adds Svelte's own checks, which speak up in the console.
 */
export async function buildRenderer(mode: 'gallery' | 'development'): Promise<string> {
  const outDir = `${root}.cache/renderer-${mode}`;
  await build({
    ...rendererConfig,
    configFile: false,
    mode,
    logLevel: 'warn',
    build: { ...rendererConfig.build, outDir },
  });
  return outDir;
}
