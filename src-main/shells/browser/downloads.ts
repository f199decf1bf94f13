import { randomBytes } from 'node:crypto';

/** Tickets for one download each, so that the token stands in no address and no history. */
export interface Downloads {
  /** The path to open within the lifetime, once. */
  ticketFor(handle: string): string;
  /** The handle of a ticket that was not used yet, or null. */
  redeem(pathname: string): string | null;
}

const prefix = '/download/';
const lifetimeMs = 60_000;
const atMost = 1000;

export function createDownloads(monotonic: () => number = () => performance.now()): Downloads {
  const tickets = new Map<string, { readonly handle: string; readonly until: number }>();
  return {
    ticketFor(handle) {
      const oldest = tickets.keys().next();
      if (tickets.size >= atMost && oldest.done !== true) tickets.delete(oldest.value);
      const ticket = randomBytes(32).toString('base64url');
      tickets.set(ticket, { handle, until: monotonic() + lifetimeMs });
      return `${prefix}${ticket}`;
    },
    redeem(pathname) {
      if (!pathname.startsWith(prefix)) return null;
      const ticket = pathname.slice(prefix.length);
      const found = tickets.get(ticket);
      tickets.delete(ticket);
      return found === undefined || found.until < monotonic() ? null : found.handle;
    },
  };
}
