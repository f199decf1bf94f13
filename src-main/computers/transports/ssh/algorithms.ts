import type { Algorithms } from 'ssh2';

/**
 * ssh2's defaults without SHA-1, CBC and compression. Strict key exchange (against Terrapin) is on in ssh2 by itself.
 * Without ssh2's native parts, AES-GCM by Node's crypto is the fastest and so stands first.
 */
const kex = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group15-sha512',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group17-sha512',
  'diffie-hellman-group18-sha512',
] as const;

const hostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

const signatureToKey = (algorithm: string): string =>
  algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;

/**
 * @param known algorithms of the keys that are known of the host: they come first, so that a host that has several
 *   keys shows the one that can be compared
 */
export function safeAlgorithms(known: readonly string[]): Algorithms {
  const first = hostKeys.filter((name) => known.includes(signatureToKey(name)));
  const rest = hostKeys.filter((name) => !first.includes(name));
  return {
    kex: [...kex],
    serverHostKey: [...first, ...rest],
    cipher: [
      'aes128-gcm@openssh.com',
      'aes256-gcm@openssh.com',
      'chacha20-poly1305@openssh.com',
      'aes128-ctr',
      'aes192-ctr',
      'aes256-ctr',
    ],
    hmac: [
      'hmac-sha2-256-etm@openssh.com',
      'hmac-sha2-512-etm@openssh.com',
      'hmac-sha2-256',
      'hmac-sha2-512',
    ],
    compress: ['none'],
  };
}
