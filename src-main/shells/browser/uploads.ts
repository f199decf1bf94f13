import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { userError } from '#shared/base/errors.ts';

/** Files that a page sends, in a folder that is emptied at each start. */
export interface Uploads {
  /** Streams the body to disk and gives the path. A body that breaks off leaves nothing. @throws StemmaError `too-large` */
  receive(request: IncomingMessage, name: string): Promise<string>;
}

/** Empties the folder: what a former run was sent is of no use. @param maxBytes of one file */
export async function openUploads(folder: string, maxBytes: number): Promise<Uploads> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    async receive(request, name) {
      const announced = Number(request.headers['content-length'] ?? 0);
      if (announced > maxBytes) throw tooLarge(maxBytes);
      const place = join(folder, randomUUID());
      await mkdir(place, { mode: 0o700 });
      const path = join(place, safeName(name));
      try {
        // By its iterator: `pipeline` would destroy the request itself, and with it the way back for the answer.
        const body = request.iterator({ destroyOnReturn: false });
        await pipeline(body, atMost(maxBytes), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
        return path;
      } catch (error) {
        await rm(place, { recursive: true, force: true });
        throw error;
      }
    },
  };
}

function atMost(maxBytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
}

const tooLarge = (maxBytes: number): Error =>
  userError({
    code: 'too-large',
    message: `The file is larger than the ${Math.floor(maxBytes / 1_000_000_000)} GB that a page may send.`,
    hint: 'Import it on the command line: stemma archive import FILE --profile DIR.',
  });

/**
 * A name that is a name on every file system: no separators, control characters, leading dots or endless length. Of a
 * long one the end stays, which has the extension.
 */
export function safeName(name: string): string {
  const last = name.replaceAll('\\', '/').split('/').at(-1) ?? '';
  const clean = last.replaceAll(/[\u0000-\u001F\u007F<>:"|?*\uD800-\uDFFF]/gu, '_').replace(/[. ]+$/, '');
  let short = clean;
  // by whole characters: half of one is no text
  while (Buffer.byteLength(short) > 200) short = short.slice((short.codePointAt(0) ?? 0) > 0xff_ff ? 2 : 1);
  // the cut may have led to a dot
  const named = short.replace(/^[. ]+/, '_');
  return named === '' ? 'file' : named;
}
