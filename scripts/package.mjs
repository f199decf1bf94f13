#!/usr/bin/env node
// `npm run package`: the installers of this platform, by electron-builder. Arguments go to it: `-- --dir`, `-- --linux deb`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { inProject, localEnvironment, node24 } from './support/project.mjs';
import { Stop, main, run, say } from './support/run.mjs';
import { electronBinaryOrWhy } from './support/electron-binary.mjs';
import { thirdPartyLicences } from './support/licences.mjs';
import { setUp } from './setup.mjs';
import { buildWhenStale } from './build.mjs';

await main(async () => {
  await setUp();
  await buildWhenStale();
  const why = await electronBinaryOrWhy();
  if (why !== '') {
    throw new Stop(
      `The app cannot be packaged: ${why}. A package holds Electron itself; set ELECTRON_MIRROR to a mirror that can be reached, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron.`,
    );
  }
  mkdirSync(inProject('dist'), { recursive: true });
  writeFileSync(inProject('dist', 'third-party-licences.txt'), thirdPartyLicences());
  say('Packaging …');
  const builder = inProject('node_modules', 'electron-builder', 'cli.js');
  const own = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const args = own === undefined ? [] : [`-c.electronDist=${own}`];
  return run(node24(), [builder, '--publish=never', ...args, ...process.argv.slice(2)], {
    env: localEnvironment(),
  });
});
