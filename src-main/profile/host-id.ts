import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Tells this computer from every other one that might see the same folder. Linux has an id of its own; elsewhere (and
 * in containers without one) we keep a random one in a place that is not synchronised. The host name is no part of it
 * where there is an id: laptops change their name with the network.
 */
export function hostId(stateDirectory: string = defaultStateDirectory()): string {
  const machine = readIfThere('/etc/machine-id');
  if (machine !== '') return digest(`machine ${machine}`);
  const file = join(stateDirectory, 'host-id');
  const kept = readIfThere(file);
  if (kept !== '') return digest(`kept ${kept}`);
  const fresh = randomUUID();
  try {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    // 'wx': where two start at once, the second reads what the first wrote.
    writeFileSync(file, fresh, { flag: 'wx', mode: 0o600 });
    return digest(`kept ${fresh}`);
  } catch {
    const other = readIfThere(file);
    // A home that cannot be written: the name must do.
    return other === '' ? digest(`name ${hostname()}`) : digest(`kept ${other}`);
  }
}

function defaultStateDirectory(): string {
  if (process.platform === 'win32') {
    return join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Stemma');
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Stemma');
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'stemma');
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/** The id itself stays here: a machine id must not leave its machine. */
const digest = (text: string): string =>
  createHash('sha256').update(`stemma ${text}`).digest('hex').slice(0, 32);
