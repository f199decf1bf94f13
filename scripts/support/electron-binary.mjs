import { existsSync, readFileSync } from 'node:fs';
import { inProject, isRoot, node24 } from './project.mjs';
import { runQuietly, say } from './run.mjs';

const probeMs = 4_000;
const downloadMs = 5 * 60_000;

/** Where Electron's executable is, or would be. */
export function electronBinary() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? inProject('node_modules', 'electron', 'dist');
  const name =
    { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron';
  return `${folder}/${name}`;
}

/** Why the desktop app cannot start here; empty when it can. Downloads the binary, if there is a way to. */
export async function whyNoElectron() {
  if (process.platform === 'linux') {
    if (isRoot) return 'Electron’s sandbox does not run as root';
    const { DISPLAY = '', WAYLAND_DISPLAY = '' } = process.env;
    if (DISPLAY === '' && WAYLAND_DISPLAY === '') return 'there is no display';
  }
  return electronBinaryOrWhy();
}

/** Empty when Electron is here, or could be downloaded just now; else why not. */
export async function electronBinaryOrWhy() {
  return existsSync(electronBinary()) ? '' : download();
}

/** Electron comes from its own release page, not with the packages. */
async function download() {
  const { version } = JSON.parse(readFileSync(inProject('node_modules', 'electron', 'package.json'), 'utf8'));
  const mirror = process.env.ELECTRON_MIRROR ?? 'https://github.com/electron/electron/releases/download/';
  const page = `${mirror}v${version}/SHASUMS256.txt`;
  try {
    const answer = await fetch(page, { method: 'HEAD', signal: AbortSignal.timeout(probeMs) });
    if (!answer.ok) return `Electron ${version} is not at ${page} (${answer.status})`;
  } catch {
    return `Electron ${version} is not here, and its release page cannot be reached`;
  }
  say(`Downloading Electron ${version} (about 110 MB, once) …`);
  const { status, output } = await runQuietly(
    node24(),
    [inProject('node_modules', 'electron', 'install.js')],
    {
      timeoutMs: downloadMs,
    },
  );
  if (status === 0 && existsSync(electronBinary())) return '';
  say(output);
  return `Electron ${version} could not be downloaded`;
}
