#!/usr/bin/env node
// Builds main, preload and renderer into out/, when a source has changed since the last time.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inProject, node24, root } from './support/project.mjs';
import { Stop, main, runQuietly, say, seconds } from './support/run.mjs';
import { setUp } from './setup.mjs';

const sources = [
  'src-main',
  'src-renderer',
  'src-shared',
  'electron.vite.config.ts',
  'svelte.config.js',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
];
const out = inProject('out');

/** Builds if a source differs from what `out` was made of. @param {{ force?: boolean }} [options] */
export async function buildWhenStale({ force = false } = {}) {
  const now = sourcesHash();
  if (!force && stampOf(out) === now) return;
  const since = performance.now();
  say('Building …');
  // Into a folder of its own, then swapped: nobody ever starts a half-built app.
  const draft = inProject(`out.draft-${process.pid}`);
  try {
    const { status, output } = await runQuietly(node24(), [
      inProject('node_modules', 'electron-vite', 'bin', 'electron-vite.js'),
      'build',
      '--outDir',
      draft,
    ]);
    if (status !== 0) {
      say(output);
      throw new Stop('The build failed; its output is above.');
    }
    writeFileSync(join(draft, '.stamp'), now);
    swap(draft);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  say(`Built in ${seconds(since)}.`);
}

function swap(draft) {
  const old = inProject(`out.old-${process.pid}`);
  if (existsSync(out)) renameSync(out, old);
  renameSync(draft, out);
  rmSync(old, { recursive: true, force: true });
}

function stampOf(folder) {
  try {
    return readFileSync(join(folder, '.stamp'), 'utf8');
  } catch {
    return '';
  }
}

/** Names and contents: dates say nothing after a checkout. Some hundred small files take 30 ms. */
function sourcesHash() {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesUnder(inProject(source))) {
      const content = readFileSync(file);
      hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

function* filesUnder(path) {
  if (!existsSync(path)) return;
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code !== 'ENOTDIR') throw error;
    yield path;
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory()) yield* filesUnder(join(path, entry.name));
    else if (entry.isFile() && !entry.name.endsWith('.md')) yield join(path, entry.name);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    await setUp();
    await buildWhenStale({ force: process.argv.includes('--force') });
  });
}
