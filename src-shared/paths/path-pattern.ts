import { byteText, hasWildcard, nameMatcher, unknownClass } from './name-pattern.ts';

/**
 * Which files of a work directory are meant: one name, or all that fit. A folder stands for everything below it. `path`
 * is in its shortest form, without `./`, `//` and a last `/`.
 */
export type PathPattern =
  | { readonly kind: 'name' | 'glob'; readonly path: string }
  /** Why it is none, for the end of a sentence: “it leaves the work directory”. */
  | { readonly kind: 'bad'; readonly why: string };

/** Why a text is no place in a work directory, for the end of a sentence; null where it is one. */
export function workPathProblem(path: string): string | null {
  if (path === '') return 'it is empty';
  if (/[\0\n\r]/.test(path)) return 'it has a line break';
  if (path.startsWith('/')) return 'it is not relative to the work directory';
  const parts = path.split('/');
  if (parts.includes('..')) return 'it leaves the work directory';
  return parts.includes('') ? 'it has an empty part, before or after a “/”' : null;
}

/** The one rule of what may be retrieved: a form, a plugin and the retrieval itself ask it. */
export function readPathPattern(text: string): PathPattern {
  const path = text
    .split('/')
    .filter((part, index) => part !== '.' && (part !== '' || index === 0))
    .join('/');
  // the folder itself is what is in it
  if (path === '' && text.startsWith('.')) return { kind: 'glob', path: '*' };
  const why = workPathProblem(path === '' ? text : path);
  if (why !== null) return { kind: 'bad', why };
  if (!hasWildcard(path)) return { kind: 'name', path };
  if (path.includes('\\')) return { kind: 'bad', why: 'a pattern cannot have a backslash' };
  const unknown = unknownClass(path);
  if (unknown !== null) return { kind: 'bad', why: `“${unknown}” in a pattern is not known here` };
  // some shells take `[^…]` as `[!…]`, others as a set with “^”: everybody who writes it means the former
  return { kind: 'glob', path: path.replaceAll('[^', '[!') };
}

/**
 * The files that came back for a pattern, in the order given: the file itself, or all below the folder. What is said of
 * file names holds for their bytes, which a name that is no UTF-8 has as `\xff`.
 * @param paths as in the retrieved folder
 */
export function matchingFiles(pattern: PathPattern, paths: readonly string[]): string[] {
  if (pattern.kind === 'bad') return [];
  const { path, kind } = pattern;
  if (kind === 'name') return paths.filter((file) => file === path || file.startsWith(`${path}/`));
  const fits = path.split('/').map((part) => nameMatcher(byteText(part)));
  return paths.filter((file) => {
    const names = file.split('/');
    return (
      names.length >= fits.length &&
      fits.every((fit, index) => fit(byteText(names[index] ?? '')) || fit(escapedBytes(names[index] ?? '')))
    );
  });
}

/** The bytes of a name as the retrieval writes it: `\xff` for a byte that is no UTF-8. */
const escapedBytes = (name: string): string =>
  byteText(name).replaceAll(/\\x([89a-f][0-9a-f])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
