/** The tables of `data.json` under the names of version 0.3 and later. */
export const entityNames = ['User', 'Computer', 'Group', 'Node', 'Log', 'Comment'] as const;

export type EntityName = (typeof entityNames)[number];

/**
 * 0.1 and 0.2 call tables by the Django class that wrote them (`aiida.djsite.db.models.DbNode`, since 0.2
 * `aiida.backends.djsite.…`). Some files of 0.3 do so, too.
 */
export function entityName(written: string): EntityName | null {
  const name = written.replace(/^aiida\.(?:backends\.)?djsite\.db\.models\.Db/, '');
  return (entityNames as readonly string[]).includes(name) ? (name as EntityName) : null;
}
