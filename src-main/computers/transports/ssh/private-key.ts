import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { transportError } from '../../transport-error.ts';

export type KeyFile =
  | { readonly kind: 'usable'; readonly key: ParsedKey; readonly warning: string | null }
  /** `publicKey` is the blob of the `.pub` file beside it, by which an agent may know it. */
  | { readonly kind: 'encrypted'; readonly publicKey: Buffer | null }
  | { readonly kind: 'wrong-passphrase' };

/** `~` and `~/…` of this machine, as in an ssh configuration; `~user` is left as it is. */
export const expandHome = (path: string): string =>
  path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;

/** @throws StemmaError `key-unreadable` with what to do */
export async function readKeyFile(path: string, passphrase: string | null): Promise<KeyFile> {
  const file = expandHome(path);
  const text = await readText(file);
  const parsed = ssh2.utils.parseKey(text, passphrase ?? undefined);
  if (parsed instanceof Error) return await explain(parsed, file, text, passphrase !== null);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || !key.isPrivateKey()) {
    throw transportError('key-unreadable', {
      message: `${path} holds a public key.`,
      subject: path,
      hint: path.endsWith('.pub')
        ? `Choose ${path.slice(0, -4)}, the private one.`
        : 'Choose the private key.',
    });
  }
  return { kind: 'usable', key, warning: await looseMode(file) };
}

async function readText(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw transportError('key-unreadable', {
      message:
        code === 'ENOENT'
          ? `There is no file ${file}.`
          : `${file} cannot be read (${code ?? String(thrown)}).`,
      subject: file,
      hint:
        code === 'EACCES'
          ? `chmod 600 ${file}`
          : 'Choose another key, or make one with: ssh-keygen -t ed25519',
      cause: thrown,
    });
  }
}

async function explain(error: Error, file: string, text: Buffer, withPassphrase: boolean): Promise<KeyFile> {
  const words = error.message;
  if (/no passphrase given/i.test(words))
    return { kind: 'encrypted', publicKey: await publicKeyBeside(file) };
  if (withPassphrase && /passphrase|integrity|decrypt|bad key/i.test(words))
    return { kind: 'wrong-passphrase' };
  const beginning = text.toString('latin1', 0, 200);
  const putty = beginning.startsWith('PuTTY-User-Key-File-3');
  throw transportError('key-unreadable', {
    message: `${file} is not a private key that can be used.`,
    subject: file,
    hint: putty
      ? 'This is a PuTTY key of version 3: export it as an OpenSSH key with PuTTYgen.'
      : 'Keys in a hardware token and certificates work only through the SSH agent: choose “agent” and run ssh-add.',
    details: words,
    cause: error,
  });
}

async function publicKeyBeside(file: string): Promise<Buffer | null> {
  try {
    const [, blob] = (await readFile(`${file}.pub`, 'utf8')).trim().split(/\s+/);
    return blob === undefined ? null : Buffer.from(blob, 'base64');
  } catch {
    // no such file: then only the passphrase helps
    return null;
  }
}

async function looseMode(file: string): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const { mode } = await stat(file);
  return (mode & 0o077) === 0 ? null : `Others may read ${file}: chmod 600 ${file}`;
}
