import { createConnection, createServer, type Socket } from 'node:net';

export interface FaultProxy {
  readonly port: number;
  /** Connections that were made since the start. */
  readonly connections: number;
  /** Connections that are there now. */
  readonly open: number;
  /** Cuts every connection that is open now, without a word (RST). */
  cut(): void;
  /** Cuts a connection once so many bytes of `direction` have passed through it; what is beyond does not arrive. */
  cutAfter(bytes: number, direction: 'to-server' | 'to-client'): void;
  /** Cuts the connection by which the n-th piece from now comes (1 is the next one), of all connections; it does not arrive. */
  cutAtPiece(n: number, direction: 'to-server' | 'to-client'): void;
  /** Pieces since the last `cutAtPiece`, and whether there were so many that a link was cut. Undoes it. */
  piecesSince(): { readonly pieces: number; readonly cut: boolean };
  /** Once so many bytes more have gone to the server, nothing of what it says comes back on that connection. */
  holdRepliesAfter(bytes: number): void;
  /** Bytes that went from the server to clients since the start, and the other way. */
  readonly toClients: number;
  readonly toServer: number;
  /** As `freeze`, once so many bytes more have gone to clients. */
  freezeAfter(bytes: number): void;
  /** Passes nothing on, and loses nothing, until `thaw`: a link that is half open. */
  freeze(): void;
  thaw(): void;
  /** Delays every piece by so many ms in each direction. */
  delay(ms: number): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly passed: { 'to-server': number; 'to-client': number };
}

/** A TCP proxy on the loopback interface that fails when it is told to. */
export async function startFaultProxy(port: number, host = '127.0.0.1'): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  const rules: {
    limit: { bytes: number; direction: 'to-server' | 'to-client' } | null;
    frozen: boolean;
    delayMs: number;
    holdAfter: number;
    freezeAt: number;
    piece: { readonly n: number; readonly direction: 'to-server' | 'to-client'; seen: number } | null;
  } = {
    piece: null,
    limit: null,
    frozen: false,
    delayMs: 0,
    holdAfter: Infinity,
    freezeAt: Infinity,
  };
  let connections = 0;
  let toClients = 0;
  let toServer = 0;

  const freeze = (): void => {
    rules.frozen = true;
    rules.freezeAt = Infinity;
    for (const { client, server } of pairs) {
      client.pause();
      server.pause();
    }
  };

  const cutPair = (pair: Pair): void => {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  };

  const pump = (pair: Pair, from: Socket, to: Socket, direction: 'to-server' | 'to-client'): void => {
    from.on('data', (chunk) => {
      const before = pair.passed[direction];
      pair.passed[direction] += chunk.length;
      if (direction === 'to-client') toClients += chunk.length;
      else toServer += chunk.length;
      if (toClients >= rules.freezeAt) freeze();
      if (direction === 'to-server' && pair.passed[direction] >= rules.holdAfter) {
        pair.server.pause();
        rules.holdAfter = Infinity;
      }
      const { limit, piece } = rules;
      if (piece?.direction === direction && ++piece.seen === piece.n) {
        cutPair(pair);
        return;
      }
      const pass = (bytes: Buffer): void => {
        if (to.writable && !to.write(bytes)) {
          from.pause();
          to.once('drain', () => {
            if (!rules.frozen) from.resume();
          });
        }
      };
      if (limit !== null && limit.direction === direction && pair.passed[direction] > limit.bytes) {
        pass(chunk.subarray(0, Math.max(0, limit.bytes - before)));
        rules.limit = null;
        // what has been passed on must arrive before the cut
        setTimeout(() => cutPair(pair), 20);
        from.pause();
        return;
      }
      if (rules.delayMs > 0) setTimeout(() => pass(chunk), rules.delayMs);
      else pass(chunk);
    });
    from.on('end', () => to.end());
    from.on('error', () => cutPair(pair));
    from.on('close', () => {
      pairs.delete(pair);
      to.destroy();
    });
  };

  const server = createServer((client) => {
    connections++;
    const upstream = createConnection({ host, port, noDelay: true });
    client.setNoDelay(true);
    const pair: Pair = { client, server: upstream, passed: { 'to-server': 0, 'to-client': 0 } };
    pairs.add(pair);
    pump(pair, client, upstream, 'to-server');
    pump(pair, upstream, client, 'to-client');
    if (rules.frozen) {
      client.pause();
      upstream.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    port: address.port,
    get connections() {
      return connections;
    },
    get open() {
      return pairs.size;
    },
    cut: () => [...pairs].forEach(cutPair),
    cutAfter(bytes, direction) {
      // counted from now on
      for (const pair of pairs) pair.passed[direction] = 0;
      rules.limit = { bytes, direction };
    },
    cutAtPiece(n, direction) {
      rules.piece = { n, direction, seen: 0 };
    },
    piecesSince() {
      const { n, seen } = rules.piece ?? { n: Infinity, seen: 0 };
      rules.piece = null;
      return { pieces: seen, cut: seen >= n };
    },
    holdRepliesAfter(bytes) {
      for (const pair of pairs) pair.passed['to-server'] = 0;
      rules.holdAfter = bytes;
    },
    get toClients() {
      return toClients;
    },
    get toServer() {
      return toServer;
    },
    freeze,
    freezeAfter(bytes) {
      rules.freezeAt = toClients + bytes;
    },
    thaw() {
      rules.frozen = false;
      for (const { client, server } of pairs) {
        client.resume();
        server.resume();
      }
    },
    delay(ms) {
      rules.delayMs = ms;
    },
    close() {
      [...pairs].forEach(cutPair);
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
