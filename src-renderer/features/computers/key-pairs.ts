import type { HostKey } from '#shared/contract/areas/computers.ts';

/** What a person compares, as `ssh-keygen -l` prints it. */
export const keyPairs = ({ host, port, algorithm, fingerprint }: HostKey) => [
  { name: 'Host', value: port === 22 ? host : `${host}, port ${port}`, mono: true },
  { name: 'Key type', value: algorithm, mono: true },
  { name: 'Fingerprint', value: fingerprint, mono: true, copy: true },
];
