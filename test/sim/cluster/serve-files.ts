import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { parsePattern } from '#main/computers/files/patterns.ts';
import { rawFromText, uniqueTexts, type RawPath } from '#main/computers/files/raw-path.ts';
import { mismatch } from '#main/computers/files/shell-files.ts';
import { noDirectory } from '#main/computers/shell/enter.ts';
import { commandFailed } from '#main/computers/shell/remote-errors.ts';
import type { Manifest, UploadRequest, WantedFile } from '#main/computers/transport.ts';
import type { RemoteFolder } from './files/nodes.ts';
import { FileError, type Viewer } from './files/remote-files.ts';
import type { Link } from './link.ts';
import type { ClusterParts } from './parts.ts';
import { globPaths } from './sh/glob.ts';

export interface FileService {
  readonly parts: ClusterParts;
  readonly link: Link;
}

const fileSilenceMs = 20 * 60_000;

const hashOf = (bytes: Uint8Array): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as string as ObjectHash;

const viewerOf = ({ parts, link }: FileService): Viewer => ({
  machine: link.machine.name,
  cwd: parts.files.root,
});

/** The same with one bit changed. */
function flipped(bytes: Uint8Array, random: ClusterParts['random']): Uint8Array {
  if (bytes.length === 0) return bytes;
  const copy = Uint8Array.from(bytes);
  const at = Math.floor(random.next() * copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
  return copy;
}

async function readAll(content: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk as Uint8Array);
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

// ---------------------------------------------------------------------------------------------------- upload

interface Sent {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** As `ShellFiles.upload` does with tar: an old folder goes out of the way first, and everything is compared. */
export async function serveUpload(
  service: FileService,
  request: UploadRequest,
): Promise<{ readonly kept: boolean }> {
  const { parts, link } = service;
  const { directory, files, keepIf, signal } = request;
  const sent: Sent[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    sent.push({ path: file.path, bytes: await readAll(request.open(file)), executable: file.executable });
  }
  const isCut = parts.strikes('uploadCutMidFile');
  const isFull = parts.strikes('diskFull');
  const flips = parts.strikes('bitFlip') ? Math.floor(parts.random.next() * sent.length) : -1;
  const stopsAt = isCut || isFull ? Math.floor(parts.random.next() * sent.length) : -1;
  return await link.call({
    what: 'the upload',
    signal,
    silenceMs: fileSilenceMs,
    serve: (reply) => {
      const viewer = viewerOf(service);
      if (keepIf.some((name) => parts.files.look(viewer, `${directory}/${name}`, false) !== null)) {
        reply(() => ({ kept: true }));
        return () => {};
      }
      try {
        parts.files.remove(viewer, directory);
        parts.files.makeFolders(viewer, directory);
        for (const [index, { path, bytes, executable }] of sent.entries()) {
          const whole = `${directory}/${path}`;
          const slash = whole.lastIndexOf('/');
          parts.files.makeFolders(viewer, whole.slice(0, slash));
          const isLast = index === stopsAt;
          const part = isLast ? bytes.subarray(0, Math.floor(parts.random.next() * bytes.length)) : bytes;
          const content = index === flips ? flipped(part, parts.random) : part;
          parts.files.write(viewer, whole, content, executable);
          if (isLast && isCut) {
            link.die(link.lost());
            return () => {};
          }
          if (isLast) throw new FileError('No space left on device');
        }
      } catch (thrown) {
        if (!(thrown instanceof FileError)) throw thrown;
        reply(() => {
          throw commandFailed('The upload', 1, `tar: file: Cannot write: ${thrown.problem}`, directory);
        });
        return () => {};
      }
      // what the computer says it has
      const found = files.map(({ path }) => parts.files.file(viewer, `${directory}/${path}`));
      reply(() => {
        for (const [index, file] of files.entries()) {
          const there = found[index];
          if (there === undefined || there === null || hashOf(there.bytes) !== file.hash) {
            throw mismatch(file.path, directory);
          }
        }
        return { kept: false };
      });
      return () => {};
    },
  });
}

// -------------------------------------------------------------------------------------------------- manifest

interface Found {
  readonly files: Map<RawPath, Uint8Array>;
  readonly skipped: Map<RawPath, string>;
}

/** As `ShellFiles.manifest` does with find and sha256sum. */
export function serveManifest(
  service: FileService,
  directory: string,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Manifest> {
  const patterns = texts.map(parsePattern);
  return service.link.call<Manifest>({
    what: 'the list of files',
    signal,
    silenceMs: fileSilenceMs,
    serve: (reply) => {
      const { files } = service.parts;
      const viewer = viewerOf(service);
      const folder = files.folder(viewer, directory);
      if (folder === null) {
        reply(() => {
          throw commandFailed('Listing the files', noDirectory, 'No such file or directory', directory);
        });
        return () => {};
      }
      const inside: Viewer = { machine: viewer.machine, cwd: folder };
      const found: Found = { files: new Map(), skipped: new Map() };
      const unmatched: string[] = [];
      for (const [index, { kind, text, raw }] of patterns.entries()) {
        const path = Buffer.from(raw, 'latin1').toString('utf8');
        const paths =
          kind === 'glob'
            ? globPaths(files, inside, path)
            : files.look(inside, path, false) === null
              ? []
              : [path];
        if (paths.length === 0) unmatched.push(texts[index] ?? text);
        for (const one of paths) walk(service, inside, one, kind === 'name', found);
      }
      const names = uniqueTexts([...found.files.keys()]);
      const skippedNames = uniqueTexts([...found.skipped.keys()]);
      const whys = [...found.skipped.values()];
      const manifest: Manifest = {
        files: [...found.files].map(([raw, bytes], index) => ({
          raw,
          path: names[index] ?? '',
          size: bytes.length,
          hash: hashOf(bytes),
        })),
        unmatched,
        skipped: skippedNames.map((path, index) => ({ path, why: whys[index] ?? '' })),
      };
      reply(() => manifest);
      return () => {};
    },
  });
}

/** @param named the person named it, so a link is followed wherever it leads */
function walk(service: FileService, viewer: Viewer, path: string, named: boolean, found: Found): void {
  const { files } = service.parts;
  const own = files.look(viewer, path, false);
  const node = own?.kind === 'link' && named ? (files.look(viewer, path) ?? own) : own;
  if (node === null) return;
  const raw = rawFromText(path);
  if (node.kind === 'folder') {
    for (const name of files.names(viewer, node)) walk(service, viewer, `${path}/${name}`, false, found);
  } else if (node.kind === 'file') found.files.set(raw, node.bytes);
  else {
    const behind = files.look(viewer, path);
    if (behind?.kind === 'file' && isInside(viewer.cwd, node.target)) found.files.set(raw, behind.bytes);
    else found.skipped.set(raw, 'it is a link out of the work directory');
  }
}

const isInside = (folder: RemoteFolder, target: string): boolean =>
  target.startsWith('/') ? target.startsWith(`${folder.path}/`) : !target.split('/').includes('..');

// ----------------------------------------------------------------------------------------------------- fetch

/** As `ShellFiles.fetch` does with tar: what is gone is left out. */
export async function serveFetch(
  service: FileService,
  directory: string,
  files: readonly WantedFile[],
  receive: (file: WantedFile, content: Readable) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  if (files.length === 0) return;
  const { parts, link } = service;
  const flips = parts.strikes('bitFlip') ? Math.floor(parts.random.next() * files.length) : -1;
  const came = await link.call<readonly (readonly [WantedFile, Uint8Array])[]>({
    what: 'the retrieval',
    signal,
    silenceMs: fileSilenceMs,
    serve: (reply) => {
      const viewer = viewerOf(service);
      if (parts.files.folder(viewer, directory) === null) {
        reply(() => {
          throw commandFailed('The retrieval', noDirectory, 'No such file or directory', directory);
        });
        return () => {};
      }
      const found = files.flatMap((file): [WantedFile, Uint8Array][] => {
        const name = Buffer.from(file.raw, 'latin1').toString('utf8');
        const there = parts.files.file(viewer, `${directory}/${name}`);
        return there === null ? [] : [[file, there.bytes.subarray(file.from ?? 0)]];
      });
      reply(() => found);
      return () => {};
    },
  });
  for (const [index, [file, bytes]] of came.entries()) {
    signal.throwIfAborted();
    await receive(file, Readable.from([index === flips ? flipped(bytes, parts.random) : bytes]));
  }
}
