import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What opens the app of this run: 256 random bits, never written to disk. */
export interface Token {
  readonly text: string;
  /** In a time that does not depend on how much of it is right. */
  matches(offered: string | null | undefined): boolean;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** @param text for who must know it before the shell is there */
export function createToken(text: string = randomBytes(32).toString('base64url')): Token {
  const wanted = digest(text);
  return {
    text,
    matches: (offered) => typeof offered === 'string' && timingSafeEqual(digest(offered), wanted),
  };
}
