import { wildcardMatches } from '../trust/known-hosts.ts';
import type { ConfigLine } from './config-lines.ts';

/** What the configuration says of one host, before its jump hosts are looked up. */
export interface HostSettings {
  readonly hostname: string;
  readonly user: string;
  readonly port: number;
  readonly identityFiles: readonly string[];
  /** As written: `user@host:port,…`; '' for none. */
  readonly proxyJump: string;
  readonly notes: readonly string[];
}

export interface Local {
  readonly home: string;
  readonly user: string;
}

/** Settings that change how a host is reached and that we do not do. */
const notDone: Readonly<Record<string, string>> = {
  certificatefile: 'CertificateFile is not used: certificates work only through the system’s ssh.',
  pkcs11provider: 'PKCS11Provider is not used: load the token into the SSH agent.',
  identityagent: 'IdentityAgent is not used: the agent is that of SSH_AUTH_SOCK.',
  hostkeyalias: 'HostKeyAlias is not used: the host key is kept under the host’s own name.',
  knownhostscommand: 'KnownHostsCommand is not run.',
  bindaddress: 'BindAddress is not used.',
  remotecommand: 'RemoteCommand is not run.',
};

class Evaluation {
  readonly #values = new Map<string, readonly string[]>();
  readonly #identityFiles: string[] = [];
  readonly notes = new Set<string>();
  readonly #host: string;
  readonly #local: Local;

  constructor(host: string, local: Local) {
    this.#host = host;
    this.#local = local;
  }

  apply(lines: readonly ConfigLine[]): void {
    for (const line of lines) {
      if (line.kind === 'set') this.#set(line.key, line.words);
      else if (line.kind === 'host' ? hostMatches(line.patterns, this.#host) : this.#matches(line.criteria)) {
        this.apply(line.lines);
      }
    }
  }

  value(key: string): string | undefined {
    return this.#values.get(key)?.join(' ');
  }

  get identityFiles(): readonly string[] {
    return this.#identityFiles;
  }

  /** What is said first stands; only identity files add up. */
  #set(key: string, words: readonly string[]): void {
    if (key === 'identityfile') {
      const file = words.join(' ');
      if (!this.#identityFiles.includes(file)) this.#identityFiles.push(file);
      return;
    }
    // of these two the first counts, whichever it is
    const same = key === 'proxycommand' || key === 'proxyjump' ? 'proxy' : key;
    if (this.#values.has(same) || this.#values.has(key)) return;
    this.#values.set(key, words);
    if (same === 'proxy') this.#values.set('proxy', [key]);
    const note = notDone[key];
    if (note !== undefined && words[0]?.toLowerCase() !== 'none') this.notes.add(note);
    if (key === 'gssapiauthentication' && words[0]?.toLowerCase() === 'yes') {
      this.notes.add('Kerberos logins (GSSAPI) are not done.');
    }
  }

  #matches(criteria: Extract<ConfigLine, { kind: 'match' }>['criteria']): boolean {
    return criteria.every(([name, words]) => {
      const patterns = words.flatMap((word) => word.split(','));
      switch (name) {
        case 'all':
          return true;
        case 'host':
          return hostMatches(patterns, this.value('hostname')?.replaceAll('%h', this.#host) ?? this.#host);
        case 'originalhost':
          return hostMatches(patterns, this.#host);
        case 'user':
          return hostMatches(patterns, this.value('user') ?? this.#local.user);
        case 'localuser':
          return hostMatches(patterns, this.#local.user);
        default:
          this.notes.add(
            name === 'exec'
              ? 'A “Match exec” is not run, and what depends on it is left out.'
              : `“Match ${name}” is not evaluated, and what depends on it is left out.`,
          );
          return false;
      }
    });
  }
}

/** At least one pattern fits, and none with `!` does. */
export function hostMatches(patterns: readonly string[], host: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (wildcardMatches(pattern.slice(1), host)) return false;
    } else matched ||= wildcardMatches(pattern, host);
  }
  return matched;
}

/** `ssh -W %h:%p jump` is what was written before ProxyJump; null for any other command. */
export function jumpOfCommand(command: string): string | null {
  const words = command
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll(/^["']|["']$/g, ''));
  if (!/^(\/usr\/bin\/)?ssh$/.test(words[0] ?? '')) return null;
  const rest = words.slice(1);
  const at = rest.indexOf('-W');
  if (at < 0 || !/^(%h:%p|\[%h\]:%p)$/.test(rest[at + 1] ?? '')) return null;
  const others = rest.toSpliced(at, 2).filter((word) => !/^-[qaxTA]$/.test(word));
  const [jump] = others;
  return others.length === 1 && jump !== undefined && !jump.startsWith('-') ? jump : null;
}

/** What `ssh -G host` says of the things that we use. */
export function evaluateHost(lines: readonly ConfigLine[], host: string, local: Local): HostSettings {
  const settings = new Evaluation(host, local);
  settings.apply(lines);
  const hostname = (settings.value('hostname') ?? host).replaceAll('%h', host).replaceAll('%%', '%');
  const user = settings.value('user') ?? local.user;
  const port = Number(settings.value('port') ?? 22);
  const tokens: Readonly<Record<string, string>> = {
    '%': '%',
    d: local.home,
    u: local.user,
    h: hostname,
    n: host,
    r: user,
    p: String(port),
  };
  const expand = (text: string): string =>
    text
      .replace(/^~(?=\/|$)/, local.home)
      .replaceAll(/%(.)/g, (whole, token: string) => tokens[token] ?? whole);
  let proxyJump = settings.value('proxyjump') ?? '';
  const command = settings.value('proxycommand') ?? '';
  if (command !== '' && command.toLowerCase() !== 'none') {
    const jump = jumpOfCommand(command);
    if (jump === null) settings.notes.add('ProxyCommand is not run: use a jump host instead.');
    else proxyJump = jump;
  }
  return {
    hostname,
    user,
    port,
    identityFiles: settings.identityFiles.filter((file) => file.toLowerCase() !== 'none').map(expand),
    proxyJump: proxyJump.toLowerCase() === 'none' ? '' : proxyJump,
    notes: [...settings.notes],
  };
}
