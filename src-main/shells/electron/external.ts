export interface ExternalParts {
  /** Electron's `shell.openExternal`. */
  readonly open: (address: string) => Promise<void>;
  /** Shows the whole address and asks. */
  readonly confirm: (address: string) => Promise<boolean>;
}

const longest = 2_000;

/**
 * Opens an address in the person's browser or mail program: only `https:` and `mailto:`, as `URL` reads it, after the
 * person has seen it whole. A host that was agreed to is not asked about again until Stemma ends.
 * @returns whether it was opened
 */
export function createExternalOpener({
  open,
  confirm,
}: ExternalParts): (address: string) => Promise<boolean> {
  const agreed = new Set<string>();
  return async (address) => {
    const url = safeUrl(address);
    if (url === null) return false;
    const subject = url.protocol === 'mailto:' ? url.href : url.host;
    if (!agreed.has(subject)) {
      if (!(await confirm(url.href))) return false;
      agreed.add(subject);
    }
    // The normalised form: what was shown is what is opened.
    await open(url.href);
    return true;
  };
}

/** Null for every address that must not leave. A user name in front of a host is there to deceive. */
export function safeUrl(address: string): URL | null {
  if (address.length > longest) return null;
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return null;
  return url.protocol === 'https:' || url.protocol === 'mailto:' ? url : null;
}
