import { chmod, mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { operationalError, userError } from '#shared/base/errors.ts';

/** Where the parts of one profile lie. All of them are inside `directory`. */
export interface ProfilePaths {
  readonly directory: string;
  readonly database: string;
  readonly repository: string;
  readonly knownHosts: string;
  /** Held by the operating system while the profile is open. Never open it but through `lock.ts`. */
  readonly lock: string;
  /** Who holds the lock, for people. */
  readonly lockOwner: string;
  readonly settings: string;
  readonly recentArchives: string;
  /** Holds a place on the disk, see `disk-room.ts`. */
  readonly reserve: string;
  readonly logs: string;
  /** Finished exports of the browser shell, until they are downloaded. */
  readonly exports: string;
  /** May be deleted while the profile is closed. */
  readonly cache: string;
}

/** Names only; nothing is looked at or made. */
export function profilePaths(directory: string): ProfilePaths {
  const root = resolve(directory);
  return {
    directory: root,
    database: join(root, 'stemma.sqlite'),
    repository: join(root, 'repository'),
    knownHosts: join(root, 'known_hosts'),
    lock: join(root, 'lock'),
    lockOwner: join(root, 'lock-owner'),
    settings: join(root, 'settings'),
    recentArchives: join(root, 'recent-archives'),
    reserve: join(root, 'reserve'),
    logs: join(root, 'logs'),
    exports: join(root, 'exports'),
    cache: join(root, 'cache'),
  };
}

export interface PlaceFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

const here = (): PlaceFacts => ({ platform: process.platform, env: process.env, home: homedir() });

/** Where the default profile lies: the XDG data directory on Linux, the usual places of macOS and Windows. */
export function defaultProfileDirectory(facts: PlaceFacts = here()): string {
  const { platform, env, home } = facts;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Stemma', 'default');
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Stemma', 'default');
  }
  return join(absolute(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'stemma', 'default');
}

/** The XDG specification tells to ignore a relative path. */
const absolute = (path: string | undefined): string | null =>
  path !== undefined && path.startsWith('/') ? path : null;

/**
 * Makes the folders that are missing; all are for their owner alone (0700), whatever the umask says. A folder that
 * holds other things is refused: `--profile ~` must neither scatter files there nor change who may read it.
 * @throws StemmaError `profile-not-a-folder`, `profile-not-readable`, `not-a-profile`, `profile-not-writable`
 */
export async function makeProfileFolder(paths: ProfilePaths): Promise<void> {
  await refuseForeignFolder(paths);
  try {
    await mkdir(paths.directory, { recursive: true, mode: 0o700 });
    await chmod(paths.directory, 0o700);
    for (const part of [paths.repository, paths.logs, paths.exports, paths.cache]) {
      await mkdir(part, { recursive: true, mode: 0o700 });
    }
  } catch (error) {
    throw operationalError(
      {
        code: 'profile-not-writable',
        message: `The profile at ${paths.directory} cannot be written: ${(error as Error).message}.`,
        hint: 'Check the permissions and the free space there, or choose another folder.',
      },
      error,
    );
  }
}

async function refuseForeignFolder(paths: ProfilePaths): Promise<void> {
  const entries = await readdir(paths.directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOTDIR') {
      throw userError({
        code: 'profile-not-a-folder',
        message: `The profile at ${paths.directory} is not a folder.`,
        hint: 'Choose a folder, or a path where none is yet.',
      });
    }
    if (error.code === 'ENOENT') return [];
    throw operationalError(
      {
        code: 'profile-not-readable',
        message: `What is in the folder ${paths.directory} cannot be told: ${error.message}.`,
        hint: 'Check the permissions there, or choose another folder.',
      },
      error,
    );
  });
  if (entries.includes(basename(paths.database))) return;
  const ours = new Set(Object.values(paths).map((path) => basename(path)));
  const foreign = entries.find((entry) => !ours.has(entry));
  if (foreign === undefined) return;
  throw userError({
    code: 'not-a-profile',
    message: `The folder ${paths.directory} holds other files (${foreign}) and no profile of Stemma.`,
    hint: 'Choose an empty folder, or a path where none is yet.',
  });
}
