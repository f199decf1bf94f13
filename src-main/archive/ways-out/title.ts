import type { Leaving } from './leaving.ts';

/** Names the group, or counts what is in it. */
export function titleOf(leaving: Leaving): string {
  const [group, ...others] = leaving.groups;
  if (group !== undefined && others.length === 0) return group.label;
  const processes = leaving.processes();
  const roots = processes.filter((node) => leaving.caller(node) === null);
  if (roots.length === 1 && roots[0] !== undefined) return roots[0].name;
  return `${processes.length} processes and ${leaving.nodes.size - processes.length} data nodes`;
}
