/** One object of the `@graph`. */
export interface Entity {
  readonly '@id': string;
  readonly '@type': string | readonly string[];
  readonly [property: string]: unknown;
}

export interface Reference {
  readonly '@id': string;
}

/** A property whose value is another entity (flattened JSON-LD). */
export const ref = (id: string): Reference => ({ '@id': id });

/** Each entity once, in the order in which it is named first. */
export const refs = (ids: Iterable<string>): readonly Reference[] => [...new Set(ids)].map(ref);

/** A path in the crate as an `@id`: a relative URI. */
export const pathId = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Microseconds since 1970 as ISO 8601, as the profiles want it: `2026-11-22T20:00:00.000+00:00`. */
export const isoTime = (microseconds: number): string =>
  new Date(microseconds / 1000).toISOString().replace('Z', '+00:00');

const saysNothing = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** Without members that say nothing; a list of one is that one, as compacted JSON-LD has it. */
export function entity(value: Entity): Entity {
  const said = Object.entries(value).filter(([, one]) => !saysNothing(one));
  return Object.fromEntries(
    said.map(([name, one]) => [name, Array.isArray(one) && one.length === 1 ? (one[0] as unknown) : one]),
  ) as unknown as Entity;
}

const formats: Readonly<Record<string, string>> = {
  json: 'application/json',
  txt: 'text/plain',
  log: 'text/plain',
  out: 'text/plain',
  in: 'text/plain',
  md: 'text/markdown',
  sh: 'text/x-shellscript',
  py: 'text/x-python',
  xml: 'application/xml',
  cif: 'chemical/x-cif',
  xyz: 'chemical/x-xyz',
  csv: 'text/csv',
  png: 'image/png',
  pdf: 'application/pdf',
  npy: 'application/octet-stream',
};

/** The media type of a file by its ending; of an unknown one, `application/octet-stream`. */
export const formatOf = (path: string): string =>
  formats[/\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
