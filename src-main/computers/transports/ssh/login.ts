import type { AnyAuthMethod, AuthenticationType, NextAuthHandler, Prompt } from 'ssh2';
import type { StemmaError } from '#shared/base/errors.ts';
import { transportError } from '../../transport-error.ts';
import type { SecretBook, SecretKind, SecretOwner } from '../../trust/secrets.ts';
import { agentSocket, BoundedAgent } from './agent.ts';
import { authNeeded, authRefused, plainText } from './login-errors.ts';
import { readKeyFile, type KeyFile } from './private-key.ts';
import { hopName, type Hop, type SshAuth } from './target.ts';

export interface LoginDeps {
  readonly secrets: SecretBook;
  readonly environment: NodeJS.ProcessEnv;
  /** How long a login may be held open for a person to type a one-time code; 0 = not at all. */
  readonly codeWaitMs: number;
  /** Called while a login is held open for a person. */
  readonly asking: (needed: StemmaError | null) => void;
  /** Ends the connection, because `failure` stands. */
  readonly giveUp: () => void;
  readonly signal: AbortSignal;
}

const asked: Readonly<Record<SshAuth['kind'], string>> = {
  agent: 'a key of the SSH agent',
  key: 'the private key',
  password: 'the password',
};

/**
 * How one hop is logged in to: by one way, chosen by the person, and by what the host asks for after that (a second
 * factor). A credential that was refused is never sent again by itself.
 */
export class Login {
  readonly #hop: Hop;
  readonly #auth: SshAuth;
  readonly #deps: LoginDeps;
  #key: KeyFile | null = null;
  #agent: BoundedAgent | null = null;
  #phase: 'none' | 'first' | 'second' | 'done' = 'none';
  #offered: readonly string[] = [];
  #chained = false;
  #passwordSent = false;
  /** Why the login ended, where we know better than the protocol. */
  failure: StemmaError | null = null;
  /** How it went, for people: `a key of the SSH agent`. */
  words: string;
  warning: string | null = null;

  constructor(hop: Hop, auth: SshAuth, deps: LoginDeps) {
    this.#hop = hop;
    this.#auth = auth;
    this.#deps = deps;
    this.words = asked[auth.kind];
  }

  /** Reads the key and finds the agent, before anything is sent. @throws StemmaError `key-unreadable`, `auth-needed`, … */
  async prepare(): Promise<void> {
    if (this.#auth.kind === 'agent') this.#agent = this.#openAgent(null);
    if (this.#auth.kind !== 'key') return;
    const passphrase = this.#deps.secrets.take(this.#owner('passphrase'));
    this.#key = await readKeyFile(this.#auth.path, passphrase);
    if (this.#key.kind === 'usable') {
      this.warning = this.#key.warning;
      return;
    }
    if (this.#key.kind === 'wrong-passphrase') {
      this.#deps.secrets.forget(this.#owner('passphrase'));
      throw authNeeded(this.#owner('passphrase'), `This is not the passphrase of ${this.#auth.path}.`);
    }
    const socket = agentSocket(this.#deps.environment);
    if (this.#key.publicKey !== null && socket !== null && (await agentHolds(socket, this.#key.publicKey))) {
      this.#agent = new BoundedAgent(socket, this.#key.publicKey);
      this.words = 'the private key, unlocked in the SSH agent';
      return;
    }
    throw authNeeded(this.#owner('passphrase'), `The key ${this.#auth.path} is locked with a passphrase.`);
  }

  /** ssh2 asks for the next thing to try. */
  readonly next = (
    left: readonly AuthenticationType[] | null,
    partial: boolean | null,
    answer: NextAuthHandler,
  ): void => {
    const method = this.#choose(left ?? [], partial === true);
    if (method === false && this.failure === null) {
      this.failure = authRefused(this.#hop, this.#auth, this.#offered, this.#agent?.offered ?? -1);
    }
    answer(method as AnyAuthMethod);
  };

  /** The agent could not be asked, or refused to sign. */
  agentFailed(error: Error): void {
    this.failure ??= transportError('agent-unavailable', {
      message: 'The SSH agent could not be used.',
      hint: 'ssh-add -l shows whether it answers and which keys it holds.',
      details: plainText(error.message),
      cause: error,
    });
  }

  #choose(left: readonly string[], partial: boolean): AnyAuthMethod | false {
    const username = this.#hop.user;
    switch (this.#phase) {
      case 'none':
        this.#phase = 'first';
        return { type: 'none', username };
      case 'first':
        this.#phase = 'second';
        this.#offered = left;
        return this.#first(left);
      case 'second':
        this.#phase = 'done';
        // Of an agent's key ssh2 does not tell that it was accepted as the first of two steps; but then the host did
        // not offer the second step before.
        this.#chained =
          partial || ((this.#agent?.offered ?? 0) > 0 && !this.#offered.includes('keyboard-interactive'));
        if (this.#chained) return this.#second(partial ? left : []);
        if (this.#auth.kind === 'password') this.#deps.secrets.forget(this.#owner('password'));
        return false;
      case 'done':
        if (this.#auth.kind === 'password') this.#deps.secrets.forget(this.#owner('password'));
        return false;
    }
  }

  #first(left: readonly string[]): AnyAuthMethod | false {
    const username = this.#hop.user;
    if (this.#agent !== null) return { type: 'agent', username, agent: this.#agent };
    if (this.#auth.kind === 'key' && this.#key?.kind === 'usable') {
      return { type: 'publickey', username, key: this.#key.key };
    }
    const password = this.#deps.secrets.take(this.#owner('password'));
    if (password === null) {
      this.failure = authNeeded(this.#owner('password'), `A password is needed for ${hopName(this.#hop)}.`);
      return false;
    }
    if (left.includes('password')) {
      this.#passwordSent = true;
      return { type: 'password', username, password };
    }
    return left.includes('keyboard-interactive') ? this.#dialogue() : false;
  }

  #second(left: readonly string[]): AnyAuthMethod | false {
    if (left.includes('password') && !left.includes('keyboard-interactive')) {
      const password = this.#deps.secrets.take(this.#owner('password'));
      if (password !== null) return { type: 'password', username: this.#hop.user, password };
      this.failure = authNeeded(
        this.#owner('password'),
        `${hopName(this.#hop)} asks for a password after ${asked[this.#auth.kind]}.`,
      );
      return false;
    }
    return left.length === 0 || left.includes('keyboard-interactive') ? this.#dialogue() : false;
  }

  #dialogue(): AnyAuthMethod {
    return {
      type: 'keyboard-interactive',
      username: this.#hop.user,
      prompt: (_name, instructions, _language, prompts, finish) => {
        void this.#answer(instructions, prompts).then((answers) => {
          if (answers === null) this.#deps.giveUp();
          else finish(answers);
        });
      },
    };
  }

  async #answer(instructions: string, prompts: readonly Prompt[]): Promise<string[] | null> {
    const answers: string[] = [];
    for (const { prompt, echo } of prompts) {
      const isPassword = echo !== true && !this.#passwordSent && this.#auth.kind === 'password';
      const owner = this.#owner(isPassword ? 'password' : 'code');
      if (isPassword) this.#passwordSent = true;
      const needed = authNeeded(
        owner,
        [instructions, prompt].filter((text) => text.trim() !== '').join('\n'),
      );
      const known = this.#deps.secrets.take(owner);
      if (known === null) this.#deps.asking(needed);
      const wait = owner.of === 'code' ? this.#deps.codeWaitMs : 0;
      const secret = known ?? (await this.#deps.secrets.wait(owner, wait, this.#deps.signal));
      if (known === null) this.#deps.asking(null);
      if (secret === null) {
        this.failure = needed;
        return null;
      }
      answers.push(secret);
    }
    return answers;
  }

  #openAgent(only: Buffer | null): BoundedAgent {
    const socket = agentSocket(this.#deps.environment);
    if (socket !== null) return new BoundedAgent(socket, only);
    throw transportError('agent-unavailable', {
      message: 'No SSH agent is running for this session (SSH_AUTH_SOCK is not set).',
      hint: 'Start one and add a key: eval "$(ssh-agent)"; ssh-add. Or choose a key file.',
    });
  }

  #owner(of: SecretKind): SecretOwner {
    return { host: this.#hop.host, port: this.#hop.port, user: this.#hop.user, of };
  }
}

function agentHolds(socket: string, publicKey: Buffer): Promise<boolean> {
  const agent = new BoundedAgent(socket, publicKey);
  return new Promise((resolve) => {
    agent.getIdentities((error, keys) => resolve(!(error instanceof Error) && (keys?.length ?? 0) > 0));
  });
}
