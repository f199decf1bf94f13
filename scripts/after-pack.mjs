// Called by electron-builder when an app is put together: looks at what is really in it, and stops at any surprise.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** An app of this kind is about 12 MB without Electron; beyond this something came along that should not. */
const mostBytes = 60_000_000;

/**
 * @param {{ appOutDir: string, electronPlatformName: string, packager: { appInfo: { productFilename: string } } }} context
 * @returns {void}
 */
export function afterPack({ appOutDir, electronPlatformName, packager }) {
  const resources =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Resources')
      : join(appOutDir, 'resources');
  const files = filesOfApp(resources);
  const wrong = surprises(files);
  const bytes = sizeUnder(resources);
  if (bytes > mostBytes) wrong.push(`it has ${bytes} bytes, more than ${mostBytes}`);
  if (wrong.length > 0) throw new Error(`The packaged app is not right: ${wrong.join('; ')}.`);
}

/** Paths inside `app.asar`, those that lie unpacked beside it included. @param {string} resources */
export function filesOfApp(resources) {
  // The package that electron-builder itself packs with.
  const require = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  const asar = createRequire(require.resolve('app-builder-lib'))('@electron/asar');
  return asar
    .listPackage(join(resources, 'app.asar'))
    .map((path) => path.replaceAll('\\', '/').replace(/^\//, ''));
}

/** What must be in the app, and what must not. @param {readonly string[]} files @returns {string[]} */
export function surprises(files) {
  const wrong = [];
  for (const needed of [
    'package.json',
    'out/main/electron.js',
    'out/preload/preload.cjs',
    'out/renderer/index.html',
  ]) {
    if (!files.includes(needed)) wrong.push(`${needed} is missing`);
  }
  const natives = files.filter((file) => file.endsWith('.node'));
  if (natives.length !== 1 || !/^node_modules\/better-sqlite3\/prebuilds\/[\w-]+\.node$/.test(natives[0])) {
    wrong.push(`native modules: ${natives.join(', ') || 'none'}`);
  }
  const modules = new Set(files.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
  modules.delete(undefined);
  if ([...modules].join() !== 'better-sqlite3') wrong.push(`packages: ${[...modules].join(', ') || 'none'}`);
  const foreign = files.filter(
    (file) =>
      !/^(out|resources|node_modules|package\.json)(\/|$)/.test(file) ||
      // the text of workflows goes along: it is kept with every run
      (!file.startsWith('out/main/plugin-sources/') && /\.(map|ts|svelte|c|h|log)$/.test(file)),
  );
  if (foreign.length > 0) wrong.push(`files that do not belong there: ${foreign.slice(0, 5).join(', ')}`);
  return wrong;
}

function sizeUnder(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return path.endsWith('electron.asar') ? 0 : stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeUnder(join(path, name)), 0);
}
