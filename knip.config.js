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
    'scripts/*.mjs',
    'test/**/*.test.ts',
    'test/bench/*.ts',
    'test/support/fake-core/main.ts',
    'test/main/profile/lock-holder.ts',
    'test/main/repository/crash-writer.ts',
    'test/shared/channel/conformance-worker.ts',
    '.size-limit.js',
  ],
  project: ['src-*/**/*.{ts,svelte}', 'scripts/**/*.mjs', 'test/**/*.{ts,svelte}'],
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
  ignoreBinaries: ['mount', 'umount', 'mkfifo', 'ssh-keygen'],
};
