import ssh2, {
  type BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type PublicKeyEntry,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';

/** Servers end the connection after six refused keys by default. */
const maxKeys = 5;

/** An agent that accepts and then says nothing must not hold a login up. */
const patienceMs = 5000;

type AgentKey = ParsedKey | Buffer | string;
type ListedKey = AgentKey | PublicKeyEntry;
type AnyCallback = (error?: Error | null, value?: never) => void;

/**
 * The person's agent, with a deadline and with at most five keys, or with the one key that is wanted. It is never
 * forwarded to the computer.
 */
export class BoundedAgent extends ssh2.BaseAgent<AgentKey> {
  readonly #agent: BaseAgent<AgentKey>;
  readonly #only: Buffer | null;
  /** How many keys the agent offered; -1 before it was asked. */
  offered = -1;

  constructor(socket: string, only: Buffer | null) {
    super();
    this.#agent = ssh2.createAgent(socket) as BaseAgent<AgentKey>;
    this.#only = only;
  }

  override getIdentities(callback: IdentityCallback<AgentKey>): void {
    const once = bounded('list its keys', callback as AnyCallback);
    this.#agent.getIdentities((error, keys) => {
      if (error !== null && error !== undefined) {
        once(error);
        return;
      }
      const wanted = (keys ?? []).filter((key) => this.#only === null || blobOf(key).equals(this.#only));
      this.offered = wanted.length;
      once(undefined, wanted.slice(0, maxKeys) as never);
    });
  }

  override sign(
    key: AgentKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback | undefined,
    callback?: SignCallback,
  ): void {
    const settings = typeof options === 'function' || options === undefined ? {} : options;
    const done = typeof options === 'function' ? options : callback;
    const once = bounded('sign', done as AnyCallback, 60_000);
    this.#agent.sign(key, data, settings, (error, signature) =>
      once(error instanceof Error ? error : undefined, signature as never),
    );
  }
}

const blobOf = (key: ListedKey): Buffer => {
  if (typeof key === 'object' && 'pubKey' in key) return blobOf(key.pubKey as AgentKey);
  if (Buffer.isBuffer(key)) return key;
  return typeof key === 'string' ? Buffer.from(key, 'base64') : key.getPublicSSH();
};

/** A signature may wait for a finger on a token or a dialog, so it has longer. */
function bounded(what: string, callback: AnyCallback, ms = patienceMs): AnyCallback {
  let settled = false;
  const settle: AnyCallback = (error, value) => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    callback(error, value);
  };
  const timer = setTimeout(
    () => settle(new Error(`The SSH agent did not ${what} within ${ms / 1000} s.`)),
    ms,
  );
  return settle;
}

/** Where the person's agent listens; null where there is none. */
export function agentSocket(environment: NodeJS.ProcessEnv): string | null {
  const socket = environment['SSH_AUTH_SOCK'];
  if (socket !== undefined && socket !== '') return socket;
  return process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : null;
}
