import { posix } from 'node:path';
import { entrySources } from './src-main/isolate/entry-points.ts';

/** What is started by name, so that no import leads there. */
const threads = Object.values(entrySources).map((source) => posix.join('src-main/isolate', source));

/** @type {import('knip').KnipConfig} */
export default {
  entry: [
    'src-main/shells/electron/main.ts',
    'src-main/shells/electron/preload/preload.ts',
    'src-main/cli/stemma.ts',
    ...threads,
    'src-renderer/main.ts',
    // What plugins may import: all of it is used elsewhere.
    'src-shared/plugin/index.ts',
    'scripts/*.mjs',
    // Many are started as threads, processes or pages of their own.
    'test/**/*.ts',
  ],
  project: ['src-*/**/*.{ts,svelte}', 'scripts/**/*.mjs'],
  ignoreExportsUsedInFile: true,
  ignoreDependencies: [
    // Styles name the fonts; knip reads no CSS.
    '@fontsource-variable/inter',
    '@fontsource-variable/jetbrains-mono',
    // Run by its path, and asked for what it packs with.
    'electron-builder',
    'app-builder-lib',
  ],
  // Parts of Linux and of OpenSSH, for tests.
  ignoreBinaries: ['mount', 'umount', 'mkfifo', 'ssh-keygen', 'ssh-agent', 'ssh-add'],
};
