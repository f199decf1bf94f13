#!/usr/bin/env node
// `npm start`: sets up, builds what is stale, and starts the app: in Electron where that can run, else in a browser.
// Arguments: --browser (not Electron), --profile DIR, --port N, --no-open.
import { inProject, node24 } from './support/project.mjs';
import { main, run, say } from './support/run.mjs';
import { electronBinary, whyNoElectron } from './support/electron-binary.mjs';
import { setUp } from './setup.mjs';
import { buildWhenStale } from './build.mjs';

await main(async () => {
  const words = process.argv.slice(2);
  const rest = words.filter((word) => word !== '--browser');
  await setUp();
  await buildWhenStale();
  const reason = words.includes('--browser') ? 'as asked for' : await whyNoElectron();
  if (reason === '') {
    say('Starting the desktop app.');
    return run(electronBinary(), [inProject('.'), ...rest]);
  }
  say(`Starting in the browser: ${reason}. Ctrl-C ends it.`);
  return run(node24(), [inProject('out', 'main', 'stemma.js'), 'serve', ...rest]);
});
