import { readDoneNote, sentinelFiles, type DoneNote } from '../job-script/sentinels.ts';
import type { Question, WatchedJob } from '../schedulers/scheduler.ts';
import { transportError } from '../transport-error.ts';

/** What a job's directory says of its end. */
export interface EndNotes {
  readonly directory: boolean;
  readonly fence: string | null;
  readonly done: DoneNote | null;
  /** We had asked for its cancellation. */
  readonly cancelled: boolean;
}

/**
 * Reads the notes of any number of jobs, by what a shell does itself: no program is started. Listing a directory (which
 * the pattern does) makes a file server forget what it has cached of it.
 */
export const askEndNotes = (jobs: readonly WatchedJob[]): Question => ({
  script: `
i=0
while IFS= read -r d; do
  echo "@job $i"
  for f in "$d"/.d*; do :; done
  if [ -d "$d" ] && [ -r "$d" ] && [ -x "$d" ]; then echo 'directory yes'; fi
  if [ -f "$d/${sentinelFiles.fence}" ]; then f=; IFS= read -r f < "$d/${sentinelFiles.fence}"; printf 'fence %s\\n' "$f"; fi
  if [ -f "$d/${sentinelFiles.cancelled}" ]; then echo 'cancelled yes'; fi
  if [ -f "$d/${sentinelFiles.done}" ]; then
    while IFS= read -r f; do printf 'done %s\\n' "$f"; done < "$d/${sentinelFiles.done}"
  fi
  i=$((i+1))
done
echo "@end $i"
`,
  input: Buffer.from(jobs.map(({ directory }) => `${directory}\n`).join('')),
});

/** In the order of the jobs. @throws StemmaError `garbled-answer` */
export function readEndNotes(stdout: string, count: number): EndNotes[] {
  const parts = stdout.split(/^@/m).slice(1);
  const last = parts.pop();
  if (last !== `end ${count}\n` || parts.length !== count) {
    throw transportError('garbled-answer', {
      message: 'The notes on the end of jobs cannot be read.',
      details: stdout.slice(0, 500),
    });
  }
  return parts.map((part) => {
    const lines = part.split('\n').slice(1, -1);
    const all = (word: string): string[] =>
      lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
    return {
      directory: all('directory').length > 0,
      fence: all('fence')[0] ?? null,
      done: readDoneNote(
        all('done')
          .map((line) => `${line}\n`)
          .join(''),
      ),
      cancelled: all('cancelled').length > 0,
    };
  });
}
