import { createContext } from 'svelte';
import { StemmaError } from '#shared/base/errors.ts';
import type { CallName, InputOf, OutputOf, StreamName } from '#shared/contract/define.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { Connection, type ConnectionState, type CoreClient } from '../client/connection.ts';
import { systemClock, systemRandom } from '../client/system.ts';
import type { ChannelPort } from '#shared/channel/frames.ts';

export type CoreCallName = CallName<Contract>;
type CoreStreamName = StreamName<Contract>;

const notConnected = (): StemmaError =>
  new StemmaError({
    family: 'operational',
    code: 'disconnected',
    message: 'The core of Stemma is not connected.',
    hint: 'Try again when the connection is back.',
  });

/** The connection to the core as reactive state. */
export class Core {
  #state: ConnectionState = $state.raw({ kind: 'closed' });
  readonly #connection: Connection;

  constructor(open: (signal: AbortSignal) => Promise<ChannelPort>) {
    this.#connection = new Connection({
      open,
      clock: systemClock,
      random: systemRandom,
      onState: (state) => (this.#state = state),
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Another object after each reconnection, which is what makes streams begin again. */
  get client(): CoreClient | null {
    return this.#state.kind === 'open' ? this.#state.client : null;
  }

  /** @throws StemmaError what the core threw, or `disconnected` */
  call<Name extends CoreCallName>(
    name: Name,
    input: InputOf<Contract[Name]>,
    signal?: AbortSignal,
  ): Promise<OutputOf<Contract[Name]>> {
    if (this.client !== null) return this.client.call(name, input, signal);
    return Promise.reject(notConnected());
  }

  /** For a task that a handler follows to its end; what a page shows comes by `live`. @throws as `call` */
  listen<Name extends CoreStreamName>(
    name: Name,
    input: InputOf<Contract[Name]>,
    signal?: AbortSignal,
  ): AsyncIterable<OutputOf<Contract[Name]>> {
    if (this.client !== null) return this.client.listen(name, input, signal);
    throw notConnected();
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  /** Connects, and looks again at once when the network or the window comes back. The function given back ends it. */
  start(): () => void {
    const again = (): void => {
      if (document.visibilityState === 'visible') this.#connection.retryNow();
    };
    this.#connection.start();
    window.addEventListener('online', again);
    window.addEventListener('hashchange', again);
    document.addEventListener('visibilitychange', again);
    return () => {
      window.removeEventListener('online', again);
      window.removeEventListener('hashchange', again);
      document.removeEventListener('visibilitychange', again);
      this.#connection.close();
    };
  }
}

const [getCore, setCore] = createContext<Core>();
export { getCore, setCore };
