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

/** Reads the notes of any number of jobs; listing a directory makes a file server forget what it has cached of it. */
export const askEndNotes = (jobs: readonly WatchedJob[]): Question => ({
  script: `
i=0
while IFS= read -r d; do
  echo "@job $i"
  if ls -a "$d" >/dev/null 2>&1; then echo 'directory yes'; fi
  if [ -f "$d/${sentinelFiles.fence}" ]; then printf 'fence %s\\n' "$(cat "$d/${sentinelFiles.fence}")"; fi
  if [ -f "$d/${sentinelFiles.cancelled}" ]; then echo 'cancelled yes'; fi
  if [ -f "$d/${sentinelFiles.done}" ]; then sed 's/^/done /' "$d/${sentinelFiles.done}"; fi
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
