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

/** Hosts that are whatever machine one sits at. */
export const isThisMachine = (host: string): boolean =>
  /^(?:localhost(?:\.localdomain)?|127\.\d+\.\d+\.\d+|::1|)$/i.test(host.trim());

/** Folders that are the same on every machine. */
export const isSystemFolder = (folder: string): boolean =>
  /^(?:\/?|\/(?:usr|bin|sbin|opt|lib|lib64|etc|var|nix|snap|tmp)(?:\/.*)?)$/.test(folder) &&
  !/\/(?:home|users)\//i.test(folder);
