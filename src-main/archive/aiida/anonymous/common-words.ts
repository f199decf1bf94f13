/** Shorter ones are words of every language and symbols of elements: they are replaced only where they are a whole field. */
const shortest = 4;

/**
 * Logins, names and labels that say nothing of anybody, and stand in files and attributes of everybody: `aiida.in`,
 * `user`, `root`. In lower case.
 */
const common: ReadonlySet<string> = new Set(
  `aiida aiidauser admin administrator anonymous apache archive cluster code codes computer conda daemon data default
   debian default demo docker example examples group guest home host info input jenkins jovyan laptop local localhost
   localdomain localhost.localdomain mail none nobody output owner postgres project pytest queue records root runner scratch server
   slurm stemma student super supercomputer system temp test tester testing tests tmp torque travis ubuntu unknown user
   username users vagrant work workstation workdir direct partition account aiida@localhost core main verdi python
   bash orm node nodes calc workflow workflows process calculation string float bool list dict int structure`.split(
    /\s+/,
  ),
);

/** Why a text cannot be looked for in others; null where it can. */
export function isUnsafe(text: string): boolean {
  const plain = text.trim().toLowerCase();
  return plain.length < shortest || common.has(plain) || /^[\d.,:-]+$/.test(plain.replace(/^127\..*/, '0'));
}

/**
 * Whether a text that is too short to be looked for everywhere still is a login or an account, and not a word that says
 * nothing of anybody.
 */
export const isShortLogin = (text: string): boolean => {
  const plain = text.trim().toLowerCase();
  return /^[a-z][a-z0-9_-]{1,2}$/.test(plain) && !common.has(plain);
};

/** Where everybody has an address. */
const mailProviders =
  /^(?:gmail|googlemail|outlook|hotmail|live|yahoo|icloud|me|protonmail|proton|gmx|web|qq|163|126|mail|posteo|fastmail)\.[a-z.]+$/;
const publicSuffix = /^(?:ac|co|edu|gov|org|net|com|or|go|ne)\.[a-z]{2}$/;

/** Whether a domain says where somebody works, and so do all names in it. */
export const isTellingDomain = (domain: string): boolean => {
  const plain = domain.toLowerCase();
  return (
    /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u.test(plain) &&
    !/^[\d.]+$/.test(plain) &&
    !/\.(?:invalid|local|localdomain)$/.test(plain) &&
    !mailProviders.test(plain) &&
    !publicSuffix.test(plain)
  );
};

/** Hosts that are whatever machine one sits at. */
export const isThisMachine = (host: string): boolean =>
  /^(?:localhost(?:\.localdomain)?|127\.\d+\.\d+\.\d+|::1|)$/i.test(host.trim());

/** Folders that are the same on every machine. */
export const isSystemFolder = (folder: string): boolean =>
  /^(?:\/?|\/(?:usr|bin|sbin|opt|lib|lib64|etc|var|nix|snap|tmp)(?:\/.*)?)$/.test(folder) &&
  !/\/(?:home|users)\//i.test(folder);
