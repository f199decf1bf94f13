import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import type { Clock } from '#shared/base/clock.ts';
import type { StemmaError } from '#shared/base/errors.ts';
import { hasCause, transportError } from '../../transport-error.ts';
import type { HostTrust } from '../../trust/host-trust.ts';
import type { LoginBudget } from '../../trust/login-budget.ts';
import { safeAlgorithms } from './algorithms.ts';
import { HostNotTrusted } from './host-check.ts';
import { plainText } from './login-errors.ts';
import { Login, type LoginDeps } from './login.ts';
import { hopName, type Hop, type SshAuth } from './target.ts';

export interface HopDeps extends Omit<LoginDeps, 'giveUp'> {
  readonly clock: Clock;
  readonly trust: HostTrust;
  /** Missing where a person has asked for this very login. */
  readonly logins?: LoginBudget | undefined;
  /** What the dial waits for before its next login, in words; null when it goes on. */
  readonly waits?: ((what: string | null) => void) | undefined;
}

/** The parts of a connection that a person can watch, in their order. */
export type DialStep = 'resolve' | 'connect' | 'host-key' | 'login';
export type DialObserver = (step: DialStep, hop: Hop, words: string) => void;

const handshakeMs = 30_000;
const loginMs = 120_000;
/** Dead after 45 to 60 s without an answer: long enough for a network that comes back after sleep. */
const keepalive = { keepaliveInterval: 15_000, keepaliveCountMax: 3 } as const;

export interface HopConnection {
  readonly client: Client;
  readonly hop: Hop;
  /** Text that the host showed before the login. */
  readonly banner: string;
  readonly warning: string | null;
}

/**
 * Key exchange, check of the host key, login: in this order, so that an untrusted host learns nothing.
 * @param stream connected to the host already
 * @throws StemmaError of the operational family
 */
export async function connectHop(
  hop: Hop,
  auth: SshAuth,
  stream: Duplex,
  deps: HopDeps,
  observe: DialObserver,
): Promise<HopConnection> {
  const client = new ssh2.Client();
  const login = new Login(hop, auth, { ...deps, giveUp: () => client.destroy() });
  let prepared: Promise<void> | null = null;
  // ssh2 would wait for the end of a stream that has ended already
  let gone = stream.destroyed;
  stream.once('close', () => (gone = true));
  const known = await deps.trust.knownAlgorithms(hop.host, hop.port);

  return new Promise((resolve, reject) => {
    /** Why we say no to the host: its key, or that nothing is at hand to log in with. */
    let refusal: StemmaError | null = null;
    let banner = '';
    let phase: 'handshake' | 'login' = 'handshake';
    let lastError: Error | null = null;
    let settled = false;
    const greeting = { text: '' };
    let cancelTimer = (): void => {};

    const fail = (error: Error): void => {
      if (settled) return;
      settled = true;
      cancelTimer();
      deps.signal.removeEventListener('abort', onAbort);
      if (phase === 'login' && !deps.signal.aborted && isFailedLogin(error)) deps.logins?.failed(hop);
      client.destroy();
      stream.destroy();
      reject(error);
    };
    const startTimer = (ms: number): void => {
      cancelTimer();
      cancelTimer = deps.clock.after(ms, () =>
        fail(
          transportError('timeout', {
            message: `${hop.host} did not finish the ${phase === 'login' ? 'login' : 'SSH handshake'} within ${ms / 1000} s.`,
            subject: hop.host,
          }),
        ),
      );
    };
    const onAbort = (): void => fail(deps.signal.reason as Error);
    const ended = (): void => {
      const why = refusal ?? login.failure;
      const spoke = ((stream as Partial<Socket>).bytesRead ?? 0) > 0;
      fail(
        why ??
          (phase === 'handshake'
            ? handshakeFailed(hop, lastError, spoke, greeting.text)
            : loginCutOff(hop, lastError)),
      );
    };

    deps.signal.addEventListener('abort', onAbort, { once: true });
    if (deps.signal.aborted) {
      onAbort();
      return;
    }
    if (gone) {
      ended();
      return;
    }
    startTimer(handshakeMs);

    // ssh2 may emit several errors and goes on after those of the agent; without a listener each would be uncaught
    client.on('error', (error: Error & { level?: string }) => {
      lastError = error;
      if (error.level === 'agent') login.agentFailed(error);
      else ended();
    });
    client.on('close', ended);
    client.on('banner', (text) => (banner = plainText(text)));
    client.on('change password', () => {
      login.failure = transportError('auth-refused', {
        message: `${hop.host} says that the password has expired.`,
        subject: hopName(hop),
        hint: `Log in once in a terminal and change it: ssh ${hopName(hop)}`,
      });
      client.destroy();
    });
    client.on('handshake', () => {
      phase = 'login';
      startTimer(loginMs + deps.codeWaitMs);
    });
    client.on('ready', () => {
      if (settled) return;
      settled = true;
      cancelTimer();
      deps.signal.removeEventListener('abort', onAbort);
      deps.logins?.succeeded(hop);
      observe('login', hop, `logged in as ${hop.user} with ${login.words}`);
      resolve({ client, hop, banner, warning: login.warning });
    });

    const verify = async (key: Buffer): Promise<boolean> => {
      const verdict = await deps.trust.judge(hop.host, hop.port, key);
      if (verdict.kind !== 'trusted') {
        refusal = new HostNotTrusted(verdict);
        return false;
      }
      observe('host-key', hop, 'known and unchanged');
      // only now: a passphrase is not asked for a host that is not trusted
      prepared ??= login.prepare();
      await prepared;
      return true;
    };

    client.connect({
      sock: stream,
      username: hop.user,
      algorithms: safeAlgorithms(known),
      hostVerifier: (key: Buffer, answer: (trusted: boolean) => void) => {
        verify(key).then(answer, (thrown: unknown) => {
          refusal = thrown as StemmaError;
          answer(false);
        });
      },
      authHandler: login.next,
      // ours tell the phases apart and allow for a person
      readyTimeout: 0,
      ...keepalive,
    });
    keepFirstWords(stream, greeting);
  });
}

/** What the host says first: a server that turns us away may say why before its greeting, which ssh2 does not tell. */
function keepFirstWords(stream: Duplex, heard: { text: string }): void {
  const listen = (chunk: Buffer): void => {
    heard.text += chunk.toString('latin1').slice(0, 256);
    if (heard.text.length >= 256 || heard.text.includes('SSH-')) stream.off('data', listen);
  };
  stream.on('data', listen);
}

/** Said by sshd before it drops a connection (sshd.c: MaxStartups, PerSourcePenalties), and by gates of sites. */
const turnedAway =
  /exceeded maxstartups|not allowed at this time|too many (connections|authentication)|try again later/i;

/** A credential was sent and did not lead to a login, as far as the host is concerned. */
const isFailedLogin = (error: Error): boolean =>
  hasCause(error, 'auth-refused', 'connection-lost', 'timeout');

function handshakeFailed(hop: Hop, error: Error | null, spoke: boolean, greeting: string): StemmaError {
  if (turnedAway.test(greeting)) {
    return transportError('throttled', {
      message: `${hop.host} turns connections away at the moment.`,
      subject: hop.host,
      hint: 'There were too many, or too many failed logins. Stemma leaves it alone for about ten minutes.',
      details: plainText(greeting),
    });
  }
  const details = plainText(error?.message ?? '');
  if (/no matching/i.test(details)) {
    return transportError('no-common-algorithm', {
      message: `${hop.host} offers only SSH algorithms that are no longer safe.`,
      subject: hop.host,
      hint: 'Its SSH server is very old. Ask the site, or reach the computer through a newer jump host.',
      details,
    });
  }
  if (!spoke) {
    return transportError('throttled', {
      message: `${hop.host} closed the connection before its greeting.`,
      subject: hop.host,
      hint: 'It may be turning away connections for a while, because there were many. Stemma waits before it tries again.',
      details,
    });
  }
  return transportError('unreachable', {
    message: `${hop.host}, port ${hop.port}, does not speak SSH as it should.`,
    subject: hop.host,
    hint: 'Check the port; a network that wants a web login first answers like this too.',
    details,
  });
}

const loginCutOff = (hop: Hop, error: Error | null): StemmaError =>
  transportError('connection-lost', {
    message: `${hop.host} ended the connection during the login.`,
    subject: hop.host,
    details: plainText(error?.message ?? ''),
  });
