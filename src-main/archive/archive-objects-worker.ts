/** The thread behind an archive that is open without being imported: it unpacks the database, and files when asked. */
import { parentPort } from 'node:worker_threads';
import type { Progress } from '#shared/contract/common.ts';
import { serveParent } from '../isolate/serve.ts';
import { ArchiveObjects } from './aiida/browse/archive-objects.ts';
import type { BrowseQuestion, BrowseQuestions, OpeningNote } from './aiida/browse/protocol.ts';

let objects: ArchiveObjects | null = null;

const opened = (): ArchiveObjects => {
  if (objects === null) throw new Error('The archive is not open yet.');
  return objects;
};

/** Between two reports, so that nobody is flooded. */
const restMs = 100;
let told = { at: 0, words: '' };

function tell(progress: Progress): void {
  const at = performance.now();
  if (progress.words === told.words && at - told.at < restMs) return;
  told = { at, words: progress.words };
  parentPort?.postMessage({ progress } satisfies OpeningNote);
}

type Answers = {
  readonly [Name in BrowseQuestion]: (
    input: BrowseQuestions[Name]['input'],
  ) => BrowseQuestions[Name]['answer'] | Promise<BrowseQuestions[Name]['answer']>;
};

const answers: Answers = {
  async open({ file, folder }) {
    objects = await ArchiveObjects.open(file, folder, tell);
    return objects.contents;
  },
  sizes: ({ hashes }) => opened().sizes(hashes),
  read: ({ hash, offset, length }) => opened().read(hash, offset, length),
};

serveParent({
  answer(method, input) {
    if (!Object.hasOwn(answers, method)) throw new Error(`There is no question “${method}”.`);
    return answers[method as BrowseQuestion](input as never);
  },
});
