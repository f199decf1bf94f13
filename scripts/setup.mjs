#!/usr/bin/env node
// Makes a fresh clone ready: packages, Node 24, the command `stemma`. Does nothing when all is there.
import {
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inProject, node24 } from './support/project.mjs';
import { Stop, main, runQuietly, say, seconds } from './support/run.mjs';

const readJson = (...parts) => {
  try {
    return JSON.parse(readFileSync(inProject(...parts), 'utf8'));
  } catch {
    return null;
  }
};

/** @returns {Promise<void>} */
export async function setUp() {
  if (!packagesAreCurrent()) await installPackages();
  await installNode();
  // npm links a command when it unpacks a package, and Node 24 comes later.
  link('node', join('..', 'node', 'bin', 'node'));
  // npm links only the commands of dependencies: `npx stemma` finds the project's own one here.
  link('stemma', join('..', '..', 'scripts', 'stemma.mjs'));
}

/** npm keeps in `node_modules/.package-lock.json` what it installed: compared with the lock file, entry by entry. */
function packagesAreCurrent() {
  const wanted = readJson('package-lock.json')?.packages;
  const found = readJson('node_modules', '.package-lock.json')?.packages;
  if (wanted === undefined || wanted === null) throw new Stop('package-lock.json is missing or damaged.');
  if (found === undefined || found === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    // What is optional may be absent: it is for another platform, or could not be built.
    if (found[path] === undefined)
      return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return found[path].version === entry.version;
  });
}

async function installPackages() {
  const since = performance.now();
  say('Installing packages (the first time this takes a minute) …');
  // No install scripts: of all packages only `node` needs its own, and it runs below. So no compiler is needed either.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const { status, output } = await runQuietly('npm', args, { env: process.env });
  if (status !== 0) {
    say(output);
    throw new Stop('The packages could not be installed. The output of npm is above; is the network there?');
  }
  say(`Packages installed in ${seconds(since)}.`);
}

/** Version of Node that the lock file names, in `node_modules/.bin/node`. */
async function installNode() {
  const wanted = readJson('node_modules', 'node', 'package.json')?.version;
  if (wanted === undefined)
    throw new Stop('The package “node” is missing: remove node_modules and try again.');
  if ((await nodeVersion()) === `v${wanted}`) return;
  say(`Installing Node ${wanted} for this project …`);
  // Where the packages were just replaced, the Node that runs this may have been one of them.
  const anyNode = existsSync(process.execPath) ? process.execPath : 'node';
  const { status, output } = await runQuietly(anyNode, ['installArchSpecificPackage'], {
    cwd: inProject('node_modules', 'node'),
    env: process.env,
  });
  const version = await nodeVersion();
  if (version === `v${wanted}`) return;
  say(output);
  throw new Stop(
    version === ''
      ? `Node ${wanted} could not be installed in node_modules (status ${status}). Stemma needs it: under Node ${process.versions.node} its database would crash without a message.`
      : `node_modules/.bin/node is ${version}, but Stemma needs v${wanted}: remove node_modules and try again.`,
  );
}

async function nodeVersion() {
  if (!existsSync(node24())) return '';
  const { status, output } = await runQuietly(node24(), ['--version'], { env: process.env });
  return status === 0 ? output.trim() : '';
}

/** Makes `node_modules/.bin/NAME` lead to a file. */
function link(name, target) {
  const place = inProject('node_modules', '.bin', name);
  if (process.platform === 'win32') {
    const windowsTarget = target.replaceAll('/', '\\');
    const command = name === 'node' ? `"%~dp0\\${windowsTarget}.exe"` : `node "%~dp0\\${windowsTarget}"`;
    writeFileSync(`${place}.cmd`, `@${command} %*\r\n`);
    return;
  }
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() === true && readlinkSync(place) === target) return;
  rmSync(place, { force: true });
  symlinkSync(target, place);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(setUp);
