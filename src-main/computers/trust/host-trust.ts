import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { userError } from '#shared/base/errors.ts';
import { Lru } from '#shared/base/lru.ts';
import type { HostKey } from '#shared/contract/areas/computers.ts';
import { replaceFile } from '../../profile/replace-file.ts';
import {
  algorithmOf,
  fingerprint,
  hostPattern,
  lineMatches,
  parseKnownHosts,
  type KnownHostLine,
} from './known-hosts.ts';

export interface KnownKey extends HostKey {
  /** File and line: `~/.ssh/known_hosts, line 7`. */
  readonly source: string;
}

/** What a host key is worth; only with `trusted` anything is said to the host. */
export type HostVerdict =
  | { readonly kind: 'trusted' }
  /** `others`: keys of another algorithm that are known of this host. */
  | { readonly kind: 'unknown'; readonly key: HostKey; readonly others: readonly KnownKey[] }
  | { readonly kind: 'changed'; readonly key: HostKey; readonly known: readonly KnownKey[] }
  | { readonly kind: 'revoked'; readonly key: HostKey; readonly source: string };

interface Source {
  readonly file: string;
  readonly lines: readonly KnownHostLine[];
}

const maxFileBytes = 16_000_000;

/** A host that shows another key each time must not fill the memory. */
const rememberedOffers = 1000;

/**
 * Which host keys are trusted. Ours are in a file of the profile, in OpenSSH's format; the person's own files are read
 * and never written. What a person has decided here goes before what those files say, except for revoked keys.
 */
export class HostTrust {
  readonly #file: string;
  readonly #others: readonly string[];
  /** Keys that were offered since the start, by host and fingerprint: only these can be accepted. */
  readonly #offered = new Lru<string, string>(rememberedOffers);
  #writing: Promise<void> = Promise.resolve();

  /**
   * @param file our own; lines of keys to disregard are beside it, in `<file>.forgotten`
   * @param others `~/.ssh/known_hosts` and the like; need not exist
   */
  constructor(file: string, others: readonly string[]) {
    this.#file = file;
    this.#others = others;
  }

  /** A key that the host offers, before anything else is said to it. */
  async judge(host: string, port: number, blob: Uint8Array): Promise<HostVerdict> {
    const key = Buffer.from(blob).toString('base64');
    const algorithm = algorithmOf(blob);
    const shown: HostKey = { host, port, algorithm, fingerprint: fingerprint(blob) };
    const sources = await this.#load(host, port);
    const all = sources.flatMap(({ file, lines }) => lines.map((line) => ({ file, line })));
    const revoked = all.find(({ line }) => line.marker === 'revoked' && line.key === key);
    if (revoked !== undefined) {
      return { kind: 'revoked', key: shown, source: place(revoked.file, revoked.line) };
    }
    const plain = all.filter(({ line }) => line.marker === 'none');
    if (plain.some(({ line }) => line.key === key)) return { kind: 'trusted' };
    this.#offered.set(`${hostPattern(host, port)} ${shown.fingerprint}`, `${algorithm} ${key}`);
    const known = plain.map(({ file, line }) => ({
      host,
      port,
      algorithm: line.algorithm,
      fingerprint: fingerprint(line.key),
      source: place(file, line),
    }));
    const same = known.filter((one) => one.algorithm === algorithm);
    return same.length > 0
      ? { kind: 'changed', key: shown, known: same }
      : { kind: 'unknown', key: shown, others: known };
  }

  /** Algorithms of the keys that are known of a host: to be asked for first, so that a known key is what it shows. */
  async knownAlgorithms(host: string, port: number): Promise<string[]> {
    const sources = await this.#load(host, port);
    const lines = sources.flatMap((source) => source.lines).filter((line) => line.marker === 'none');
    return [...new Set(lines.map((line) => line.algorithm))];
  }

  /** @throws StemmaError `host-key-not-seen` where the host has not offered that key since the start */
  async accept(key: HostKey): Promise<void> {
    const name = hostPattern(key.host, key.port);
    const offered = this.#offered.get(`${name} ${key.fingerprint}`);
    if (offered === undefined) {
      throw userError({
        code: 'host-key-not-seen',
        message: `${name} has not offered the key ${key.fingerprint} since Stemma started.`,
        subject: name,
        hint: 'Test the computer again and look at the key that it shows then.',
      });
    }
    await this.#change((lines) => [...lines, `${name} ${offered}`]);
  }

  /** Forgets the keys of a host: ours are taken out, those of the person's files are disregarded from now on. */
  async forget(host: string, port: number): Promise<void> {
    const name = hostPattern(host, port);
    const foreign: string[] = [];
    for (const file of this.#others) {
      for (const line of await matching(file, host, port)) {
        if (line.marker === 'none') foreign.push(`${name} ${line.algorithm} ${line.key}`);
      }
    }
    await this.#change((lines) =>
      lines.filter((text) => !parseKnownHosts(text).some((line) => lineMatches(line, host, port))),
    );
    if (foreign.length > 0) {
      await this.#serially(() => rewrite(this.#forgotten, (lines) => [...new Set([...lines, ...foreign])]));
    }
  }

  get #forgotten(): string {
    return `${this.#file}.forgotten`;
  }

  async #load(host: string, port: number): Promise<Source[]> {
    await this.#writing;
    const forgotten = new Set((await matching(this.#forgotten, host, port)).map((line) => line.key));
    const sources: Source[] = [{ file: this.#file, lines: await matching(this.#file, host, port) }];
    for (const file of this.#others) {
      const lines = await matching(file, host, port);
      sources.push({
        file,
        lines: lines.filter((line) => line.marker === 'revoked' || !forgotten.has(line.key)),
      });
    }
    return sources;
  }

  #change(edit: (lines: readonly string[]) => readonly string[]): Promise<void> {
    return this.#serially(() => rewrite(this.#file, edit));
  }

  #serially(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => {});
    return done;
  }
}

const place = (file: string, line: KnownHostLine): string => `${file}, line ${line.line}`;

async function read(file: string): Promise<string> {
  try {
    const text = await readFile(file);
    if (text.length > maxFileBytes) {
      throw userError({
        code: 'known-hosts-too-large',
        message: `${file} is too large for a file of known hosts.`,
        subject: file,
      });
    }
    return text.toString('latin1');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw thrown;
  }
}

const matching = async (file: string, host: string, port: number): Promise<KnownHostLine[]> =>
  parseKnownHosts(await read(file)).filter((line) => lineMatches(line, host, port));

/** All or nothing: a crash leaves the old file or the new one. */
async function rewrite(file: string, edit: (lines: readonly string[]) => readonly string[]): Promise<void> {
  const before = (await read(file)).split('\n').filter((line) => line !== '');
  const text = edit(before)
    .map((line) => `${line}\n`)
    .join('');
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, text, 'latin1');
}
