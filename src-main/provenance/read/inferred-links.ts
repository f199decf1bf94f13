import type { LinkEnd } from '#shared/contract/areas/processes.ts';
import { readPyJson, type PyJson } from '#shared/provenance/python-json.ts';
import type { LinkType } from '#shared/provenance/links.ts';
import type { ReadSession } from './session.ts';

/** The extra in which the import of records of other systems names the links that they did not record. */
const extra = 'inferred_links';

/** The links that nodes name as inferred, each as `input_calc “label”: reason`, by the ids of the nodes that name some. */
export type InferredWords = ReadonlyMap<number, readonly string[]>;

/** What nodes say in their extras of links that were inferred when the records of another system came in. */
export function inferredWords(session: ReadSession, ids: readonly number[]): InferredWords {
  const rows = session.raw<readonly [id: number, extras: string]>(
    `SELECT n.id, n.extras FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value
     WHERE instr(n.extras, ?) > 0`,
    JSON.stringify(ids),
    `"${extra}"`,
  );
  return new Map(rows.map(([id, extras]) => [id, wordsIn(extras)]));
}

/**
 * Why a link was inferred; null where it was recorded. Both of its ends say it, but one with very many names only the
 * first of them, so either is enough.
 */
export function inferredWhy(
  words: InferredWords,
  ends: readonly [number, number],
  type: LinkType,
  label: string,
): string | null {
  if (words.size === 0) return null;
  const start = `${type} “${label}”: `;
  for (const end of ends) {
    const found = words.get(end)?.find((one) => one.startsWith(start));
    if (found !== undefined) return found.slice(start.length);
  }
  return null;
}

/** The same links of one node, with the reason at those that were inferred. */
export function withInferred(session: ReadSession, node: number, links: LinkEnd[]): LinkEnd[] {
  const own = inferredWords(session, [node]);
  if (own.size === 0) return links;
  const words = new Map([
    ...own,
    ...inferredWords(
      session,
      links.map((link) => link.node.pk),
    ),
  ]);
  return links.map((link) => {
    const why = inferredWhy(words, [node, link.node.pk], link.type, link.label);
    return why === null ? link : { ...link, inferred: why };
  });
}

/** Extras are anybody's: what is of another shape says nothing. */
function wordsIn(extras: string): readonly string[] {
  let value: PyJson;
  try {
    value = readPyJson(extras);
  } catch {
    return [];
  }
  const listed =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, PyJson>>)[extra]
      : null;
  return Array.isArray(listed) ? listed.filter((words): words is string => typeof words === 'string') : [];
}
