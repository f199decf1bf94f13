import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, wherever a script is started from. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const windows = process.platform === 'win32';

/** A path inside the project. @param {...string} parts */
export const inProject = (...parts) => join(root, ...parts);

/** Node 24: the system's own Node may be too old for the database. */
export const node24 = () => inProject('node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/** The environment in which Node 24 and the packages' commands come first. */
export function localEnvironment(extra = {}) {
  const separator = windows ? ';' : ':';
  const path = `${inProject('node_modules', '.bin')}${separator}${process.env.PATH ?? ''}`;
  return { ...process.env, PATH: path, ...extra };
}

/** Whether a command is on the path, or in the folders of the administrator. @param {string} command */
export function hasCommand(command) {
  const folders = (process.env.PATH ?? '').split(windows ? ';' : ':');
  return [...folders, '/usr/sbin', '/sbin', '/usr/local/sbin'].some((folder) =>
    existsSync(join(folder, command)),
  );
}

export const isRoot = process.getuid?.() === 0;
