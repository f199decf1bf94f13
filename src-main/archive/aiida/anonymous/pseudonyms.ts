import type { IdentityKind } from '#shared/contract/areas/anonymous.ts';
import { isShortLogin, isUnsafe } from './common-words.ts';
import type { Identity } from './known-strings.ts';
import { spellings } from './spellings.ts';

const workRoot = '/scratch';

/** `.invalid` is no domain and never will be (RFC 2606). */
const domain = 'invalid';

const ours = new RegExp(
  `^(?:(?:user|computer|host|account|institution|folder)-\\d+|user-\\d+@example\\.${domain}|(?:computer|host)-\\d+\\.${domain}|(?:${workRoot}/computer|/folder)-\\d+(?:-\\d+)?)$`,
);

/** Whether a text is what an anonymised export has put there: it stays, so that a second one changes nothing. */
export const isPseudonym = (text: string): boolean => ours.test(text);

/** The person whose e-mail is a pseudonym, by number. */
const ownNumber = (text: string, name: string): number | null => {
  const found = new RegExp(`^${name}-(\\d+)(?:@|\\.|$)`).exec(text);
  return found === null || !isPseudonym(text) ? null : Number(found[1]);
};

/** Collects what is known of people and machines, and gives each a name by number. */
export class Pseudonyms {
  readonly #found = new Map<string, Identity>();
  readonly #kept = new Map<string, Identity>();
  readonly #used = new Map<string, Set<number>>();

  /** A number that nothing of this name has; the one of `text` where that is a pseudonym already. */
  number(name: 'user' | 'computer' | 'host' | 'account' | 'institution' | 'folder', text = ''): number {
    const used = this.#used.get(name) ?? new Set<number>();
    this.#used.set(name, used);
    const own = ownNumber(text, name);
    if (own !== null) {
      used.add(own);
      return own;
    }
    let next = used.size + 1;
    while (used.has(next)) next++;
    used.add(next);
    return next;
  }

  /** Notes numbers that texts have already, before others are given. */
  keep(name: 'user' | 'computer', texts: readonly string[]): void {
    for (const text of texts) if (ownNumber(text, name) !== null) this.number(name, text);
  }

  /** The first name that a text gets is the one that it has. */
  add(kind: IdentityKind, text: string, becomes: string): void {
    const plain = text.trim();
    if (plain === '' || isPseudonym(plain) || plain === becomes) return;
    const unsafe = isUnsafe(plain);
    enter(unsafe ? this.#kept : this.#found, { kind, text: plain, becomes });
    if (unsafe) {
      const isLogin = (kind === 'login' || kind === 'account') && isShortLogin(plain);
      if (isLogin) enter(this.#found, { kind, text: plain, becomes, nearby: true });
      return;
    }
    if (kind === 'folder' || kind === 'host' || kind === 'computer') return;
    for (const text of spellings(plain)) if (!isUnsafe(text)) enter(this.#found, { kind, text, becomes });
  }

  has(text: string): boolean {
    return this.#found.has(text.trim());
  }

  /** How many numbers are given. */
  count(name: 'folder'): number {
    return this.#used.get(name)?.size ?? 0;
  }

  folders(): readonly string[] {
    return [...this.#found.values()].filter(({ kind }) => kind === 'folder').map(({ text }) => text);
  }

  get found(): readonly Identity[] {
    return [...this.#found.values()];
  }

  /** Those that cannot be looked for in texts. */
  get kept(): readonly Identity[] {
    return [...this.#kept.values()];
  }
}

function enter(into: Map<string, Identity>, identity: Identity): void {
  if (!into.has(identity.text)) into.set(identity.text, identity);
}

/** The e-mail of a user, from 1: AiiDA tells users apart by it, so each has one. */
export const emailOf = (user: number): string => `user-${user}@example.${domain}`;

/** The name of a machine, in a domain that nobody can own. */
export const hostOf = (name: 'computer' | 'host', number: number): string => `${name}-${number}.${domain}`;

/** The work directory of a computer; a further one of it by its own number. */
export const workFolderOf = (computer: number, another = 1): string =>
  `${workRoot}/computer-${computer}${another === 1 ? '' : `-${another}`}`;
