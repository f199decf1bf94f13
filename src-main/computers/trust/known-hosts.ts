import { createHash, createHmac } from 'node:crypto';

/** One usable line of a known-hosts file (sshd(8), “SSH_KNOWN_HOSTS FILE FORMAT”). */
export interface KnownHostLine {
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** Plain names, patterns with `*`, `?` and `!`, or one hashed name `|1|salt|hash`. */
  readonly patterns: readonly string[];
  readonly algorithm: string;
  /** The public key blob, base64. */
  readonly key: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Lines that can be read; comments, empty and malformed ones are passed over, as ssh does. */
export function parseKnownHosts(text: string): KnownHostLine[] {
  const lines: KnownHostLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const words = raw.trim().split(/[ \t]+/);
    let marker: KnownHostLine['marker'] = 'none';
    if (words[0] === '@revoked') marker = 'revoked';
    else if (words[0] === '@cert-authority') marker = 'cert-authority';
    else if (words[0]?.startsWith('@') === true || words[0]?.startsWith('#') === true) continue;
    const [names, algorithm, key] = marker === 'none' ? words : words.slice(1);
    if (names === undefined || algorithm === undefined || key === undefined) continue;
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key) || algorithmOf(key) !== algorithm) continue;
    lines.push({ marker, patterns: names.split(','), algorithm, key, line: index + 1 });
  }
  return lines;
}

/** The name of the algorithm inside a key blob: a length of four bytes and the name (RFC 4253, section 6.6). */
export function algorithmOf(key: string | Uint8Array): string {
  const blob = typeof key === 'string' ? Buffer.from(key, 'base64') : Buffer.from(key);
  if (blob.length < 4) return '';
  const length = blob.readUInt32BE(0);
  return length > 64 || blob.length < 4 + length ? '' : blob.toString('latin1', 4, 4 + length);
}

/** How a host stands in the file: `name`, or `[name]:port` where the port is not 22; lower case. */
export const hostPattern = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

/** A pattern with `!` that fits rules the line out, whatever else fits (sshd(8)). */
export function lineMatches(line: Pick<KnownHostLine, 'patterns'>, host: string, port: number): boolean {
  const name = hostPattern(host, port);
  let matched = false;
  for (const pattern of line.patterns) {
    if (pattern.startsWith('|1|')) {
      matched ||= hashedMatches(pattern, name);
      continue;
    }
    const negated = pattern.startsWith('!');
    if (!wildcardMatches((negated ? pattern.slice(1) : pattern).toLowerCase(), name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function hashedMatches(pattern: string, name: string): boolean {
  const [, , salt, hash] = pattern.split('|');
  if (salt === undefined || hash === undefined) return false;
  const computed = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return computed.equals(Buffer.from(hash, 'base64'));
}

/** `*` and `?` as ssh reads them, without backtracking over the whole text for each star. */
export function wildcardMatches(p: string, t: string): boolean {
  let at = 0;
  let in_ = 0;
  let star = -1;
  let resume = 0;
  while (at < t.length) {
    if (p[in_] === '*') {
      star = in_++;
      resume = at;
    } else if (p[in_] === '?' || p[in_] === t[at]) {
      in_++;
      at++;
    } else if (star >= 0) {
      in_ = star + 1;
      at = ++resume;
    } else return false;
  }
  while (p[in_] === '*') in_++;
  return in_ === p.length;
}

/** As `ssh-keygen -l` prints it: `SHA256:` and base64 without padding. */
export const fingerprint = (key: string | Uint8Array): string =>
  `SHA256:${createHash('sha256')
    .update(typeof key === 'string' ? Buffer.from(key, 'base64') : key)
    .digest('base64')
    .replace(/=+$/, '')}`;
