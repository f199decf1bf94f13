import type { ErrorInfo } from '../base/errors.ts';

/**
 * What travels over a channel. Cancellation, subscription and flow control are part of the protocol: a stream sends
 * one event for each credit that the client gave, so a slow window never makes the core pile up memory.
 */
export type ClientFrame =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | {
      readonly kind: 'listen';
      readonly id: number;
      readonly name: string;
      readonly input: unknown;
      readonly credit: number;
    }
  | { readonly kind: 'credit'; readonly id: number; readonly count: number }
  | { readonly kind: 'cancel'; readonly id: number };

export type ServerFrame =
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'event'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'end'; readonly id: number }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorInfo };

/** One end of a carrier: in-memory, MessagePort or WebSocket. Frames arrive whole, in order, or not at all. */
export interface ChannelPort {
  send(frame: ClientFrame | ServerFrame): void;
  onFrame(listener: (frame: unknown) => void): void;
  /** Called once when the other side is gone. */
  onClose(listener: () => void): void;
  close(): void;
}

const kindsOfClient = new Set(['call', 'listen', 'credit', 'cancel']);
const kindsOfServer = new Set(['reply', 'event', 'end', 'error']);

function hasShape(frame: unknown, kinds: ReadonlySet<string>): boolean {
  if (typeof frame !== 'object' || frame === null) return false;
  const { kind, id } = frame as { kind?: unknown; id?: unknown };
  return typeof kind === 'string' && kinds.has(kind) && typeof id === 'number' && Number.isSafeInteger(id);
}

/** The frame, or null for anything that is none. Inputs are parsed later, by the contract. */
export function asClientFrame(frame: unknown): ClientFrame | null {
  if (!hasShape(frame, kindsOfClient)) return null;
  const { kind, name, credit, count } = frame as Record<string, unknown>;
  if ((kind === 'call' || kind === 'listen') && typeof name !== 'string') return null;
  if (kind === 'listen' && !(typeof credit === 'number' && credit >= 0)) return null;
  if (kind === 'credit' && !(typeof count === 'number' && count >= 0)) return null;
  return frame as ClientFrame;
}

/** The frame, or null for anything that is none. Its value is not looked at: the core is ours. */
export const asServerFrame = (frame: unknown): ServerFrame | null =>
  hasShape(frame, kindsOfServer) ? (frame as ServerFrame) : null;
