import type { Readable } from 'node:stream';
import { causeOfText, commandFailed } from '../shell/remote-errors.ts';
import { shellQuote } from '../shell/quote.ts';
import { transportError } from '../transport-error.ts';
import type { ListedFile, Manifest, UploadRequest, WantedFile } from '../transport.ts';
import { hashAllScript, hashScript, readHashes } from './hashes.ts';
import type { CommandRunner } from './command-runner.ts';
import { fetchRest } from './fetch-rest.ts';
import { largeFile } from './large-files.ts';
import { linkScript, ListingReader, listScript, maxEntries, readLinks, type Entry } from './listing.ts';
import { parsePattern, type Pattern } from './patterns.ts';
import { rawBytes, rawFromText, textFromRaw, uniqueTexts, type RawPath } from './raw-path.ts';
import { placeScript, stageLarge } from './stage-large.ts';
import { nameList, packFiles, tarScript, unpack } from './tar.ts';

/** Hashing a large file prints nothing for a while: 20 minutes are 200 GB at 160 MB/s. */
const hashSilenceMs = 20 * 60_000;
/** So many names and hashes are less than the limit of one answer. */
const hashBatch = 20_000;

/** Files by means of commands: find, sha256sum and tar. A round trip for a thousand files, not for each. */
export class ShellFiles {
  readonly #runner: CommandRunner;

  constructor(runner: CommandRunner) {
    this.#runner = runner;
  }

  async upload(request: UploadRequest): Promise<{ readonly kept: boolean }> {
    const { directory, files, keepIf, signal } = request;
    const d = shellQuote(directory);
    const kept = keepIf.map((name) => `if [ -e ${d}/${shellQuote(name)} ]; then echo kept; exit 0; fi\n`);
    const large = files.filter(({ size }) => size >= largeFile);
    if (large.length > 0 && (await this.#isKept(kept, request))) return { kept: true };
    const staged = await stageLarge(this.#runner, request, large);
    const small = files.filter(({ size }) => size < largeFile);
    const answer = await this.#runner.exec({
      what: 'the upload',
      script:
        `${kept.join('')}${outOfTheWay(d)}mkdir -p ${d} && cd ${d} || exit 1\n` +
        `tar -xmf - || exit 1\n${placeScript(directory, staged)}${hashAllScript(d)}`,
      input: packFiles(small, request.open),
      maxOutput: 200 * files.length + files.reduce((sum, file) => sum + 4 * file.path.length, 1000),
      silenceMs: hashSilenceMs,
      signal,
    });
    if (answer.exitCode !== 0) throw commandFailed('The upload', answer.exitCode, answer.stderr, directory);
    if (answer.stdout === 'kept\n') return { kept: true };
    const found = readHashes(answer.bytes);
    for (const file of files) {
      if (found.get(rawFromText(file.path)) !== file.hash) throw mismatch(file.path, directory);
    }
    return { kept: false };
  }

  async #isKept(script: readonly string[], { directory, signal }: UploadRequest): Promise<boolean> {
    const answer = await this.#runner.exec({ what: 'the upload', script: script.join(''), signal });
    if (answer.exitCode !== 0) throw commandFailed('The upload', answer.exitCode, answer.stderr, directory);
    return answer.stdout === 'kept\n';
  }

  async manifest(directory: string, texts: readonly string[], signal: AbortSignal): Promise<Manifest> {
    const patterns = texts.map(parsePattern);
    const { entries, unmatched } = await this.#list(directory, patterns, signal);
    const links = await this.#followLinks(directory, entries, signal);
    const files: { raw: RawPath; size: number }[] = [];
    const skipped: { path: RawPath; why: string }[] = [];
    for (const { raw, kind, size } of entries) {
      const behind = kind === 'link' ? links.get(raw) : size;
      if (behind === undefined) throw vanished(textFromRaw(raw), directory);
      if (kind === 'other') skipped.push({ path: raw, why: 'it is no regular file' });
      else if (behind === null) skipped.push({ path: raw, why: 'it is a link out of the work directory' });
      else files.push({ raw, size: behind });
    }
    const hashes = await this.#hash(directory, files, signal);
    const names = uniqueTexts(files.map(({ raw }) => raw));
    return {
      files: files.map(({ raw, size }, index) => {
        const hash = hashes.get(raw);
        const path = names[index] ?? '';
        if (hash === undefined) throw vanished(path, directory);
        return { raw, path, size, hash };
      }),
      unmatched: texts.filter((_, index) => unmatched.has(index)),
      skipped: uniqueTexts(skipped.map(({ path }) => path)).map((path, index) => ({
        path,
        why: skipped[index]?.why ?? '',
      })),
    };
  }

  async fetch(
    directory: string,
    files: readonly WantedFile[],
    receive: (file: WantedFile, content: Readable) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    for (const file of files) {
      const { from } = file;
      if (from !== undefined) await fetchRest(this.#runner, directory, { ...file, from }, receive, signal);
    }
    const together: readonly ListedFile[] = files.filter(({ from }) => from === undefined);
    for (let rest = together; rest.length > 0;) {
      const unpacker = unpack(rest, receive);
      const request = {
        what: 'the retrieval',
        script: tarScript(shellQuote(directory)),
        input: asyncOf(nameList(rest)),
        signal,
      };
      const answer = await this.#runner
        .stream(request, (bytes) => unpacker.push(bytes))
        .catch((thrown: unknown) => {
          unpacker.abort(thrown);
          throw thrown;
        });
      // tar says 1 where a file changed while it was read: the hash decides about that
      if (answer.exitCode > 2)
        throw commandFailed('The retrieval', answer.exitCode, answer.stderr, directory);
      const linked = await unpacker.end();
      if (linked.length >= rest.length)
        throw commandFailed('The retrieval', answer.exitCode, answer.stderr, directory);
      rest = linked;
    }
  }

  async #list(
    directory: string,
    patterns: readonly Pattern[],
    signal: AbortSignal,
  ): Promise<{ readonly entries: readonly Entry[]; readonly unmatched: ReadonlySet<number> }> {
    const reader = new ListingReader();
    const input = Buffer.concat(
      patterns.map(({ kind, raw }) =>
        Buffer.concat([Buffer.from(`${kind} `), rawBytes(raw), Buffer.from('\n')]),
      ),
    );
    const request = {
      what: 'the list of files',
      script: listScript(shellQuote(directory)),
      input,
      silenceMs: 300_000,
      signal,
    };
    const answer = await this.#runner.stream(request, (bytes) => {
      reader.push(bytes);
      if (reader.size > maxEntries) throw tooMany(directory);
    });
    if (answer.exitCode !== 0) {
      throw commandFailed('Listing the files', answer.exitCode, answer.stderr, directory);
    }
    if (causeOfText(answer.stderr) === 'remote-permission') {
      throw commandFailed('Listing the files', answer.exitCode, answer.stderr, directory);
    }
    const listing = reader.result();
    if (listing === null) {
      throw garbled('The list of files cannot be read.', directory, answer.stderr);
    }
    return listing;
  }

  async #followLinks(
    directory: string,
    entries: readonly Entry[],
    signal: AbortSignal,
  ): Promise<Map<RawPath, number | null>> {
    const links = entries.filter(({ kind }) => kind === 'link');
    if (links.length === 0) return new Map();
    const found = new Map<RawPath, number | null>();
    for (let start = 0; start < links.length; start += hashBatch) {
      const part = links.slice(start, start + hashBatch);
      const chunks: Uint8Array[] = [];
      // each is told with its size and a few bytes around it
      let room = part.reduce((sum, { raw }) => sum + raw.length + 40, 0);
      const answer = await this.#runner.stream(
        {
          what: 'the targets of links',
          script: linkScript(shellQuote(directory)),
          input: asyncOf(nameList(part)),
          signal,
        },
        (bytes) => {
          room -= bytes.length;
          if (room < 0) throw garbled('The list of links cannot be read.', directory);
          chunks.push(bytes);
        },
      );
      if (answer.exitCode !== 0) {
        throw commandFailed('Following the links', answer.exitCode, answer.stderr, directory);
      }
      for (const [raw, size] of readLinks(Buffer.concat(chunks))) found.set(raw, size);
    }
    return found;
  }

  async #hash(
    directory: string,
    files: readonly { readonly raw: RawPath }[],
    signal: AbortSignal,
  ): Promise<Map<RawPath, ListedFile['hash']>> {
    const all = new Map<RawPath, ListedFile['hash']>();
    for (let start = 0; start < files.length; start += hashBatch) {
      const part = files.slice(start, start + hashBatch);
      const answer = await this.#runner.exec({
        what: 'the hashes of the files',
        script: hashScript(shellQuote(directory)),
        input: asyncOf(nameList(part)),
        maxOutput: part.reduce((sum, { raw }) => sum + 80 + 2 * raw.length, 100_000),
        silenceMs: hashSilenceMs,
        signal,
      });
      if (answer.exitCode === 127) throw commandFailed('Hashing the files', 127, answer.stderr, directory);
      for (const [raw, hash] of readHashes(answer.bytes)) all.set(raw, hash);
    }
    return all;
  }
}

/**
 * Takes a folder away at once, by renaming it. An upload that was cut off may still be at work in it: what it writes
 * goes with the folder, and what it still deletes is not ours.
 */
const outOfTheWay = (quoted: string): string =>
  `o=${quoted}.old.$$\nif [ -e ${quoted} ]; then mv ${quoted} "$o" && rm -rf "$o" || exit 1; fi\n`;

async function* asyncOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** What is there after an upload does not have the hash of what was sent. */
export const mismatch = (path: string, directory: string): Error =>
  transportError('hash-mismatch', {
    message: `${path} did not arrive as it was sent.`,
    subject: directory,
    hint: 'It is sent again. If this comes again and again, the file system there is not well.',
  });

/** A file of the manifest is gone or cannot be read when it is fetched. */
export const vanished = (path: string, directory: string): Error =>
  transportError('remote-modified', {
    message: `${path} could not be read: it is gone, or not readable.`,
    subject: directory,
    hint: 'Something still changes the work directory.',
  });

const garbled = (message: string, directory: string, details?: string): Error =>
  transportError('garbled-answer', { message, subject: directory, details });

const tooMany = (directory: string): Error =>
  transportError('output-too-large', {
    message: `More than ${maxEntries} files match in ${directory}.`,
    subject: directory,
    hint: 'Retrieve fewer, or pack them into one archive at the end of the job.',
  });
