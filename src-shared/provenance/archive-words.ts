interface Written {
  readonly writtenBy: string;
  readonly aiidaVersion: string;
}

/** Who wrote an archive: “AiiDA 2.6.3”, “Stemma 0.1.0, in the format of AiiDA 2.9.0”, “unknown”. */
export function writerWords({ writtenBy, aiidaVersion }: Written): string {
  if (writtenBy === '') return 'unknown';
  const other = aiidaVersion !== '' && writtenBy !== `AiiDA ${aiidaVersion}`;
  return other ? `${writtenBy}, in the format of AiiDA ${aiidaVersion}` : writtenBy;
}

interface About {
  readonly title: string;
  readonly author: string;
  readonly description: string;
  readonly licence: string;
}

export const nothingSaid: About = { title: '', author: '', description: '', licence: '' };

/** Characters that each may have. */
export const aboutLimits = { title: 500, author: 500, description: 10_000, licence: 500 } as const;

const aboutNames = [
  ['title', 'Title'],
  ['author', 'Author'],
  ['description', 'Description'],
  ['licence', 'Licence'],
] as const;

/** What was said of an archive, each under its name; nothing for what was not said. */
export const aboutWords = (about: About): readonly { readonly name: string; readonly value: string }[] =>
  aboutNames.flatMap(([key, name]) => (about[key] === '' ? [] : [{ name, value: about[key] }]));
