import { readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { userError } from '#shared/base/errors.ts';
import { settings as settingsSchema, type Settings } from '#shared/contract/areas/app.ts';
import { replaceFile } from './replace-file.ts';

/** How the app looks and behaves in one profile: a small JSON file that a person may read and mend. */
export interface SettingsFile {
  readonly current: Settings;
  /** What was wrong with the file when it was read; empty when nothing was. The damaged file is kept beside it. */
  readonly warning: string;
  /** @throws StemmaError `bad-settings`; the error of the system where the file cannot be written: then nothing has changed */
  change(change: Partial<Settings>): Promise<Settings>;
}

/** No file is no mistake: then these are the defaults. @throws the error of the system where the file cannot be read */
export async function openSettings(file: string, now: () => number = Date.now): Promise<SettingsFile> {
  const { settings, warning } = await readSettings(file, now);
  let current = settings;
  let last: Promise<unknown> = Promise.resolve();
  return {
    get current() {
      return current;
    },
    warning,
    change(change) {
      // One after the other: two drafts of one file must not meet, and what was not written does not hold.
      const changed = last.then(async () => {
        const settings = checked({ ...current, ...change });
        await replaceFile(file, `${JSON.stringify(settings, null, 2)}\n`);
        current = settings;
        return settings;
      });
      last = changed.catch(() => {});
      return changed;
    },
  };
}

function checked(settings: Settings): Settings {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw userError({
    code: 'bad-settings',
    message: 'The settings are not valid.',
    details: z.prettifyError(parsed.error),
  });
}

async function readSettings(
  file: string,
  now: () => number,
): Promise<{ readonly settings: Settings; readonly warning: string }> {
  const defaults = settingsSchema.parse({});
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { settings: defaults, warning: '' };
    throw error;
  }
  try {
    return { settings: settingsSchema.parse(JSON.parse(text)), warning: '' };
  } catch (error) {
    const aside = `${file}.damaged-${now()}`;
    await rename(file, aside);
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    return {
      settings: defaults,
      warning: `The settings were not readable and are back at their defaults; the old file is ${aside} (${why}).`,
    };
  }
}
