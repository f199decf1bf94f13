import { Readable } from 'node:stream';
import tar from 'tar-stream';
import { deferred } from '#shared/base/deferred.ts';
import type { ListedFile, UploadFile } from '../transport.ts';
import { rawBytes, type RawPath } from './raw-path.ts';
import { enter } from '../shell/enter.ts';
import { withoutDot } from './listing.ts';

/** A tar archive of files, made while it is read. */
export async function* packFiles(
  files: readonly UploadFile[],
  open: (file: UploadFile) => Readable,
): AsyncGenerator<Uint8Array> {
  const pack = tar.pack();
  const filling = fill(pack, files, open);
  // the archive ends with the error, so that nobody waits for what will not come
  filling.catch((thrown: unknown) => pack.destroy(thrown as Error));
  for await (const chunk of pack) yield chunk as Uint8Array;
  await filling;
}

async function fill(
  pack: tar.Pack,
  files: readonly UploadFile[],
  open: (file: UploadFile) => Readable,
): Promise<void> {
  for (const file of files) {
    const done = deferred<undefined>();
    const entry = pack.entry(
      { name: file.path, size: file.size, mode: file.executable ? 0o755 : 0o644, type: 'file' },
      (error) => (error === null || error === undefined ? done.resolve(undefined) : done.reject(error)),
    );
    for await (const chunk of open(file)) {
      if (!entry.write(chunk as Buffer)) await drained(entry);
    }
    entry.end(undefined);
    await done.promise;
  }
  pack.finalize();
}

/** Also settles when the stream closes: one that broke never drains, and its error is told elsewhere. */
export const drained = (stream: NodeJS.EventEmitter): Promise<void> =>
  new Promise((resolve) => {
    const settle = (): void => {
      stream.off('drain', settle);
      stream.off('close', settle);
      resolve();
    };
    stream.on('drain', settle);
    stream.on('close', settle);
  });

/** Bytes of names for `tar -T`, each ended by NUL, and `./` first. */
export function* nameList(files: readonly { readonly raw: RawPath }[]): Generator<Uint8Array> {
  for (let start = 0; start < files.length; start += 1000) {
    const part = files.slice(start, start + 1000);
    yield Buffer.concat(part.flatMap(({ raw }) => [Buffer.from('./'), rawBytes(raw), Buffer.from([0])]));
  }
}

/**
 * Archives the named files as they are behind links, names as bytes. GNU tar or that of BSD and macOS.
 */
export const tarScript = (directory: string): string => `
${enter(directory)}
case $(tar --version 2>/dev/null) in
  *GNU*) exec tar --create --dereference --hard-dereference --format=gnu --null --no-recursion --files-from=- --file=-;;
  bsdtar*) exec tar -c -L -n --format gnutar --null -T - -f -;;
  *) echo 'tar: command not found (GNU tar or bsdtar is needed)' >&2; exit 127;;
esac
`;

/** Names as bytes, one character each; the option is not in the type declarations. */
const byteNames = { filenameEncoding: 'latin1' } as NonNullable<Parameters<typeof tar.extract>[0]>;

export interface Unpacker {
  /** Takes a piece; resolves when more may come. */
  readonly push: (bytes: Uint8Array) => Promise<void> | void;
  /** After the last piece. Resolves with files that were hard links to others and so came without content. */
  readonly end: () => Promise<readonly ListedFile[]>;
  /** Nothing more comes: who receives a file hears of it. */
  readonly abort: (thrown: unknown) => void;
}

/** Hands out the files of an archive that are wanted, one after the other. */
export function unpack(
  files: readonly ListedFile[],
  receive: (file: ListedFile, content: Readable) => Promise<void>,
): Unpacker {
  const wanted = new Map(files.map((file) => [file.raw, file]));
  const withoutContent: ListedFile[] = [];
  const extract = tar.extract(byteNames);
  const done = deferred<undefined>();
  done.promise.catch(() => {});
  let failed = false;
  const fail = (thrown: unknown): void => {
    failed = true;
    done.reject(thrown);
    extract.destroy();
  };
  const hand = async (
    file: ListedFile,
    content: AsyncIterable<Uint8Array>,
    next: () => void,
  ): Promise<void> => {
    try {
      await receive(file, Readable.from(content));
      next();
    } catch (thrown) {
      fail(thrown);
    }
  };
  extract.on('entry', (header, stream, next) => {
    const file = wanted.get(withoutDot(header.name as RawPath));
    if (file === undefined || header.type !== 'file') {
      if (file !== undefined && header.type === 'link') withoutContent.push(file);
      stream.on('end', () => next());
      stream.resume();
      return;
    }
    // once: a second entry of the same name is none that was asked for
    wanted.delete(file.raw);
    void hand(file, stream as AsyncIterable<Uint8Array>, next);
  });
  extract.on('finish', () => done.resolve(undefined));
  extract.on('error', fail);
  return {
    abort: fail,
    push(bytes) {
      if (failed) return done.promise;
      if (extract.write(bytes)) return undefined;
      return Promise.race([drained(extract), done.promise]);
    },
    async end() {
      if (!failed) extract.end(undefined);
      await done.promise;
      return withoutContent;
    },
  };
}
