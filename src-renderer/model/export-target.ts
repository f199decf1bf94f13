/** What an export takes, as an address says it: `?export=…` of the archives page. */
export type ExportTarget =
  | { readonly kind: 'all' }
  /** What is selected in this window. */
  | { readonly kind: 'selection' }
  /** Empty while none is chosen. */
  | { readonly kind: 'group'; readonly uuid: string }
  | { readonly kind: 'nodes'; readonly uuids: readonly string[] };

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `all`, `selection`, `group:UUID` or UUIDs with commas between; null for anything else. */
export function readExportTarget(text: string): ExportTarget | null {
  if (text === 'all' || text === 'selection') return { kind: text };
  if (text.startsWith('group:')) {
    const uuid = text.slice('group:'.length);
    return uuid === '' || uuidPattern.test(uuid) ? { kind: 'group', uuid } : null;
  }
  const uuids = [...new Set(text.split(',').filter(Boolean))];
  if (uuids.length === 0 || !uuids.every((uuid) => uuidPattern.test(uuid))) return null;
  return { kind: 'nodes', uuids };
}

/** As {@link readExportTarget} reads it. */
export function writeExportTarget(target: ExportTarget): string {
  switch (target.kind) {
    case 'all':
    case 'selection':
      return target.kind;
    case 'group':
      return `group:${target.uuid}`;
    case 'nodes':
      return target.uuids.join(',');
  }
}
