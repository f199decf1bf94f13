import type { LinkEnd } from '#shared/contract/areas/processes.ts';
import { readPyJson, type PyJson } from '#shared/provenance/python-json.ts';
import type { ReadSession } from './session.ts';

/** The extra in which the import of records of other systems names the links that they did not record. */
const extra = 'inferred_links';

/**
 * The same links, with the reason at those that were inferred when the records of another system came in. The extra says
 * it at both ends: `input_calc “label”: reason`.
 */
export function withInferred(session: ReadSession, node: number, links: LinkEnd[]): LinkEnd[] {
  const extras = session.value<string>(
    'SELECT extras FROM nodes WHERE id = ? AND instr(extras, ?) > 0',
    node,
    `"${extra}"`,
  );
  if (typeof extras !== 'string') return links;
  const reasons = reasonsIn(extras);
  return links.map((link) => {
    const start = `${link.type} “${link.label}”: `;
    const reason = reasons.find((words) => words.startsWith(start));
    return reason === undefined ? link : { ...link, inferred: reason.slice(start.length) };
  });
}

/** Extras are anybody's: what is of another shape says nothing. */
function reasonsIn(extras: string): readonly string[] {
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
