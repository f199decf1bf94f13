import { randomBytes } from 'node:crypto';

/** Addresses that work once and for a minute, so that what opens more stands in no history and no list of processes. */
export interface Tickets {
  /** The path to open. */
  issue(subject: string): string;
  /** What the ticket was issued for, once; null for every other path. */
  redeem(pathname: string): string | null;
}

const lifetimeMs = 60_000;
const atMost = 1000;

/** @param prefix of the paths, with both slashes */
export function createTickets(prefix: string, monotonic: () => number = () => performance.now()): Tickets {
  const tickets = new Map<string, { readonly subject: string; readonly until: number }>();
  return {
    issue(subject) {
      const oldest = tickets.keys().next();
      if (tickets.size >= atMost && oldest.done !== true) tickets.delete(oldest.value);
      const ticket = randomBytes(32).toString('base64url');
      tickets.set(ticket, { subject, until: monotonic() + lifetimeMs });
      return `${prefix}${ticket}`;
    },
    redeem(pathname) {
      if (!pathname.startsWith(prefix)) return null;
      const ticket = pathname.slice(prefix.length);
      const found = tickets.get(ticket);
      tickets.delete(ticket);
      return found === undefined || found.until < monotonic() ? null : found.subject;
    },
  };
}
