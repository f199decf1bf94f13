import { extname, resolve } from 'node:path';

/** Files that the desktop asked us to open, kept until somebody can: from the command line, a double click, a drop. */
export interface OpenQueue {
  push(paths: readonly string[]): void;
  /** Takes what is waiting and everything that comes. */
  drain(take: (path: string) => void): void;
}

const atMost = 20;

/** More than 20 at once are dropped: a person who selects a folder full of archives does not mean all of them. */
export function createOpenQueue(): OpenQueue {
  const waiting: string[] = [];
  let take: ((path: string) => void) | null = null;
  return {
    push(paths) {
      for (const path of paths.slice(0, atMost)) {
        if (take !== null) take(path);
        else if (waiting.length < atMost) waiting.push(path);
      }
    },
    drain(next) {
      take = next;
      for (const path of waiting.splice(0)) next(path);
    },
  };
}

/**
 * The archives among the words of a command line, ours or a second instance's, which anybody may have written: data,
 * never options. Electron and Chromium put switches of their own among them.
 */
export function archivesOf(words: readonly string[], directory: string): readonly string[] {
  return words
    .filter(
      (word) => !word.startsWith('-') && !word.includes('\0') && extname(word).toLowerCase() === '.aiida',
    )
    .map((word) => resolve(directory, word));
}

/** `--profile DIR` or `--profile=DIR`; null where there is none. */
export function profileOf(words: readonly string[], directory: string): string | null {
  for (const [index, word] of words.entries()) {
    const value = word.startsWith('--profile=') ? word.slice('--profile='.length) : words[index + 1];
    if ((word === '--profile' || word.startsWith('--profile=')) && value !== undefined && value !== '') {
      return resolve(directory, value);
    }
  }
  return null;
}
