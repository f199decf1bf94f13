import type { Leaving, LeavingNode } from '../leaving.ts';

const iso = (microseconds: number): string => new Date(microseconds / 1000).toISOString();

/**
 * What is recorded of a process, with the members that AiiDA 2.9 gives its `aiida_node_metadata.yaml`. It is JSON, which
 * every reader of YAML reads; attributes and extras stand in the text in which they are stored.
 */
export function nodeMetadata(leaving: Leaving, node: LeavingNode): string {
  const user = leaving.users.get(node.user);
  const computer = node.computer === null ? undefined : leaving.computers.get(node.computer);
  const parts: (readonly [name: string, json: string])[] = [
    [
      'Node data',
      JSON.stringify({
        label: node.label,
        description: node.description,
        pk: node.id,
        uuid: node.uuid,
        ctime: iso(node.ctime),
        mtime: iso(node.mtime),
        node_type: node.nodeType,
        process_type: node.processType,
      }),
    ],
  ];
  if (user !== undefined) {
    const { name, email, institution } = user;
    parts.push(['User data', JSON.stringify({ name, email, institution })]);
  }
  if (computer !== undefined) {
    const { label, hostname, scheduler, transport } = computer;
    const shown = { label, hostname, scheduler_type: scheduler, transport_type: transport };
    parts.push(['Computer data', JSON.stringify(shown)]);
  }
  const link = ({ label, uuid, type }: { label: string; uuid: string; type: string }) => ({
    label,
    uuid,
    type,
  });
  const inputs = leaving
    .inputs(node)
    .map(({ label, type, source }) => link({ label, type, uuid: source.uuid }));
  const outputs = leaving
    .outputs(node)
    .map(({ label, type, target }) => link({ label, type, uuid: target.uuid }));
  const called = leaving
    .called(node)
    .map(({ label, type, target }) => link({ label, type, uuid: target.uuid }));
  parts.push(['Inputs', JSON.stringify(inputs)], ['Outputs', JSON.stringify(outputs)]);
  parts.push(['Called', JSON.stringify(called)]);
  parts.push(['Node attributes', leaving.attributesText(node)], ['Node extras', leaving.extrasText(node)]);
  return `{\n${parts.map(([name, json]) => `${JSON.stringify(name)}: ${json}`).join(',\n')}\n}\n`;
}
