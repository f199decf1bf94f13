import type { PyJson } from '#shared/provenance/python-json.ts';
import { isObject, textOf } from '../record-files.ts';
import { ended, RecordGraph, type RecordNode } from '../record-graph.ts';

type Document = Readonly<Record<string, PyJson>>;

/** Whether it is a whole workflow as `Workflow.to_dict` writes it; a single Firework is none. */
export const isFireWorks = (document: Document): boolean =>
  Array.isArray(document['fws']) && isObject(document['links']);

const idOf = (value: PyJson | undefined): string =>
  typeof value === 'number' ? String(value) : (textOf(value) ?? '');

/**
 * A workflow of FireWorks as its JSON: one process for each Firework that has ended, its spec as input. Links of
 * FireWorks say what runs after what; what passed between is inferred.
 * Source: fireworks 2.1, `fireworks/core/firework.py` (`Workflow.to_dict`).
 */
export function readFireWorks(document: Document): RecordGraph {
  const graph = new RecordGraph('FireWorks', '');
  const listed = document['fws'];
  const fireworks = Array.isArray(listed)
    ? listed.filter((one): one is Document => isObject(one as PyJson))
    : [];
  const name = textOf(document['name']) ?? 'FireWorks workflow';
  const key = `${name} ${idOf(document['created_on'])}`;
  const processes = new Map<string, RecordNode>();
  const open = fireworks.filter(({ state }) => state !== 'COMPLETED' && state !== 'FIZZLED');
  const failed = fireworks.filter(({ state }) => state === 'FIZZLED').length;
  if (open.length > 0) graph.notes.push(`Left out: ${open.length} Fireworks that have not run to an end.`);
  const records = {
    system: 'FireWorks',
    metadata: document['metadata'] ?? null,
    links: document['links'] ?? null,
  };
  const workflow =
    open.length === 0 && fireworks.length > 0
      ? graph.workflow({
          key,
          label: name,
          attributes: {
            ...ended(failed === 0 ? 0 : 1, failed === 0 ? null : `${failed} Fireworks fizzled`),
            process_label: name,
            records,
          },
          time: graph.times.ofText(document['created_on']),
        })
      : null;
  for (const { spec, ...rest } of fireworks) {
    const id = idOf(rest['fw_id']);
    if (rest['state'] !== 'COMPLETED' && rest['state'] !== 'FIZZLED') continue;
    if (processes.has(id)) continue;
    const label = textOf(rest['name']) ?? `Firework ${id}`;
    const fizzled = rest['state'] === 'FIZZLED';
    const time = graph.times.ofText(rest['created_on']);
    const process = graph.calculation({
      key: `${key} firework ${id}`,
      label,
      attributes: {
        ...ended(fizzled ? 1 : 0, fizzled ? 'the Firework fizzled' : null),
        process_label: label,
        records: { system: 'FireWorks', firework: rest },
      },
      time,
    });
    processes.set(id, process);
    const input = graph.data({
      key: `${key} spec ${id}`,
      label: `spec of ${label}`,
      attributes: isObject(spec) ? spec : {},
      time,
    });
    graph.link(input, process, 'input_calc', 'spec', null);
    if (workflow !== null)
      graph.link(workflow, process, 'call_calc', `firework_${id.replace(/\W/g, '_')}`, null);
  }
  linkChildren(graph, key, document['links'], processes);
  return graph;
}

function linkChildren(
  graph: RecordGraph,
  key: string,
  links: PyJson | undefined,
  processes: ReadonlyMap<string, RecordNode>,
): void {
  const why = 'FireWorks records that one ran after the other, not what passed between them';
  for (const [parent, children] of isObject(links) ? Object.entries(links) : []) {
    const before = processes.get(parent);
    const after = (Array.isArray(children) ? children : []).flatMap(
      (child: PyJson) => processes.get(idOf(child)) ?? [],
    );
    if (before === undefined || after.length === 0) continue;
    const result = graph.data({
      key: `${key} result ${parent}`,
      label: `result of ${before.label}`,
      attributes: { value_recorded: false, firework: parent },
      time: before.time,
    });
    graph.link(before, result, 'create', 'result', why);
    for (const process of new Set(after))
      graph.link(result, process, 'input_calc', `after_${parent.replace(/\W/g, '_')}`, why);
  }
}
