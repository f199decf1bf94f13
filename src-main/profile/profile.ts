import { createLog, type Log } from './log.ts';
import { openLogFiles } from './log-files.ts';
import { makeProfileFolder, profilePaths, type ProfilePaths } from './folder.ts';
import { lockProfile, type LockFacts, type ProfileLock } from './lock.ts';
import { placeWarnings, type PlaceWarning } from './place-warnings.ts';
import { createRedactor, type Redactor } from './redact.ts';
import { openSettings, type SettingsFile } from './settings.ts';

/** An open profile: its folder made, locked for this process, and its log and settings at hand. */
export interface Profile {
  readonly paths: ProfilePaths;
  readonly lock: ProfileLock;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly settings: SettingsFile;
  readonly warnings: readonly PlaceWarning[];
  /** Last of all: after the database and the repository are closed. */
  close(): void;
}

export interface ProfileOptions {
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly lockFacts?: LockFacts;
}

/** @throws StemmaError see `makeProfileFolder` and `lockProfile` */
export async function openProfile(options: ProfileOptions): Promise<Profile> {
  const now = options.now ?? Date.now;
  const paths = profilePaths(options.directory);
  await makeProfileFolder(paths);
  const lock = lockProfile(paths.directory, options.lockFacts);
  try {
    const settings = await openSettings(paths.settings, now);
    const redactor = createRedactor();
    const writeDebug = process.env['STEMMA_LOG'] === 'debug';
    const log = createLog({ sink: openLogFiles(paths.logs), redactor, now, writeDebug });
    const warnings = placeWarnings(paths.directory);
    for (const warning of warnings) log.warn('profile', warning.message, { code: warning.code });
    if (settings.warning !== '') log.warn('profile', settings.warning);
    return {
      paths,
      lock,
      log,
      redactor,
      settings,
      warnings,
      close() {
        log.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
