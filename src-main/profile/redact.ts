/** Replaces what must never be read in a log: known secrets by value, the usual shapes by pattern. */
export interface Redactor {
  /** From now on this text is replaced wherever it stands. Shorter than 4 characters it would blot out innocent words. */
  learn(secret: string): void;
  clean(text: string): string;
}

export const redacted = '[redacted]';
const shortest = 4;

const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, redacted],
  // scheme://user:password@host
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):[^\s@/]+@/gi, `$1:${redacted}@`],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]{8,}/gi, `$1 ${redacted}`],
  [/\bstemma\.token\.[\w-]+/g, `stemma.token.${redacted}`],
  [
    /((?:password|passphrase|passwd|secret|token|api[_-]?key|otp|verification code)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
    `$1${redacted}`,
  ],
];

/** One for a profile: it must know the secrets before the first line that could hold one. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  let longestFirst: readonly string[] = [];
  return {
    learn(secret) {
      // As JSON text it may stand escaped: a quote or a backslash in a password must not save it.
      for (const form of [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(wellFormed(secret)),
      ]) {
        if (form.length >= shortest) secrets.add(form);
      }
      longestFirst = [...secrets].toSorted((a, b) => b.length - a.length);
    },
    clean(text) {
      let out = text;
      for (const secret of longestFirst) out = out.replaceAll(secret, redacted);
      for (const [shape, replacement] of shapes) out = out.replaceAll(shape, replacement);
      return out;
    },
  };
}

const wellFormed = (text: string): string => text.replaceAll(/[\uD800-\uDFFF]/gu, '\uFFFD');
