import type { TransportConfig } from '#shared/contract/areas/computers.ts';

export interface Hop {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

export type SshAuth = Extract<TransportConfig, { type: 'core.ssh' }>['auth'];

/** Where to go: jump hosts first, the computer last. All of them are logged in to in the same way. */
export interface SshTarget {
  readonly hops: readonly [Hop, ...Hop[]];
  readonly auth: SshAuth;
}

/** For people; the port only where it is not 22. */
export const hopName = (hop: Hop): string =>
  `${hop.user}@${hop.host}${hop.port === 22 ? '' : `:${hop.port}`}`;

/** The way to a computer as its configuration has it. */
export function sshTarget(config: Extract<TransportConfig, { type: 'core.ssh' }>): SshTarget {
  const { host, port, user, jumps, auth } = config;
  const [first, ...rest] = [...jumps, { host, port, user }];
  return { hops: first === undefined ? [{ host, port, user }] : [first, ...rest], auth };
}
