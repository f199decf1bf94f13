/**
 * Addresses are patterns such as `/process/:uuid`. The type of a pattern says which parameters it needs, so a link
 * with a missing or misspelt one does not compile.
 */
export type ParamsOf<Pattern extends string> = Pattern extends `${string}:${infer Name}/${infer Rest}`
  ? Readonly<Record<Name, string>> & ParamsOf<`/${Rest}`>
  : Pattern extends `${string}:${infer Name}`
    ? Readonly<Record<Name, string>>
    : Readonly<Record<never, string>>;

/** Values of the query; those that are undefined or empty stay out of the address. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

const segments = (path: string): readonly string[] => path.split('/').filter((part) => part !== '');

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** The parameters of a path that fits the pattern, or null. A trailing slash makes no difference. */
export function matchPattern(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const wanted = segments(pattern);
  const given = segments(path);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = decode(given[i] ?? '');
    if (value === null) return null;
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

/** The address of a pattern filled in. @throws Error where a parameter is missing or empty */
export function fillPattern<Pattern extends string>(
  pattern: Pattern,
  params: ParamsOf<Pattern>,
  query: Query = {},
): string {
  const given = params as Readonly<Record<string, string | undefined>>;
  const path = segments(pattern).map((part) => {
    if (!part.startsWith(':')) return part;
    const value = given[part.slice(1)];
    if (value === undefined || value === '') throw new Error(`The address ${pattern} needs ${part}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(key, String(value));
  }
  const tail = search.size > 0 ? `?${search.toString()}` : '';
  return `/${path.join('/')}${tail}`;
}
