import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { rendererConfig } from '../../../vite.renderer.config.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const cache = `${root}.cache/`;

/** Builds that nobody has asked for so long go away. */
const keptMs = 3_600_000;

/**
 * Builds the renderer with its gallery, when there is no build of the sources as they are, and says where. `gallery` is
 * otherwise as the product has it; `development` adds Svelte's own checks, which speak up in the console. Every state of
 * the sources has a folder of its own, so that a build never takes the files away from under another run.
 */
export async function buildRenderer(mode: 'gallery' | 'development'): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const outDir = `${cache}renderer-${mode}-${sourcesHash().slice(0, 16)}`;
  if (!existsSync(outDir)) {
    const draft = `${cache}draft-${mode}-${process.pid}`;
    await build({
      ...rendererConfig,
      configFile: false,
      mode,
      logLevel: 'warn',
      build: { ...rendererConfig.build, outDir: draft },
    });
    settle(draft, outDir);
  }
  const now = new Date();
  utimesSync(outDir, now, now);
  forgetOld(`renderer-${mode}-`, now.getTime() - keptMs);
  return outDir;
}

/** Whoever builds the same at the same time may be first. */
function settle(draft: string, outDir: string): void {
  try {
    renameSync(draft, outDir);
  } catch (error) {
    if (!existsSync(outDir)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
}

function forgetOld(prefix: string, before: number): void {
  for (const name of readdirSync(cache)) {
    const path = cache + name;
    const used = name.startsWith(prefix) ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
    if (used !== undefined && used < before) rmSync(path, { recursive: true, force: true });
  }
}

/** The build that was used last. */
export function latestRenderer(mode: 'gallery' | 'development'): string {
  const found = readdirSync(cache)
    .filter((name) => name.startsWith(`renderer-${mode}-`))
    .map((name) => cache + name)
    .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (found[0] === undefined) throw new Error('The renderer has not been built yet: leave --no-build out.');
  return found[0];
}

function sourcesHash(): string {
  const hash = createHash('sha256');
  const files = globSync(['src-renderer/**/*.*', 'src-shared/**/*.ts', '*.config.ts', 'svelte.config.js'], {
    cwd: root,
  });
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(root + file));
  return hash.digest('hex');
}
