import type { NodeRef } from '#shared/contract/common.ts';
import type { LaunchRequest } from '#shared/contract/areas/launch.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import { usualRule } from '#shared/process/rule-types.ts';
import { ruleDraft } from '#renderer/model/rule-draft.ts';
import { dynamicHome, dynamicPort, emptyDraft, emptyInput, namespaceAt, spell } from './draft.ts';
import type { InputDraft, LaunchDraft, PickedNode } from './draft.ts';
import { writeOptions } from './options-draft.ts';
import { optionsFromText, optionsFromValue } from './options-input.ts';

/** What the form keeps of a node: plain data, because it is stored with the draft. */
export const picked = ({ uuid, pk, nodeType, name, summary }: NodeRef): PickedNode => ({
  uuid,
  pk,
  nodeType,
  name,
  summary,
});

type Given = LaunchRequest['inputs'][string];

/**
 * The form of a process that is launched again.
 * @param nodes what is known of the nodes that the request names
 */
export function draftOf(
  spec: ProcessSpec,
  request: LaunchRequest,
  nodes: ReadonlyMap<string, NodeRef>,
): LaunchDraft {
  const draft = emptyDraft(spec);
  for (const [label, given] of Object.entries(request.inputs)) {
    const own = draft.inputs[label];
    if (own !== undefined) draft.inputs[label] = filled(own, given, nodes);
    else {
      const home = dynamicHome(spec.inputs, label);
      const namespace = home === null ? null : namespaceAt(spec.inputs, home.prefix);
      // A plugin that has lost an input since: nothing can take it.
      if (home === null || namespace === null) continue;
      const input = filled(emptyInput(dynamicPort(namespace)), given, nodes);
      draft.named.push({ id: draft.named.length + 1, ...home, input });
    }
  }
  draft.label = request.label;
  draft.description = request.description;
  draft.computer = request.computer ?? '';
  draft.rules = (request.rules ?? []).map((rule, i) => ruleDraft(i + 1, { ...usualRule, ...rule }));
  if (request.options !== undefined) draft.options = writeOptions(request.options);
  return draft;
}

function filled(draft: InputDraft, given: Given, nodes: ReadonlyMap<string, NodeRef>): InputDraft {
  if (given.kind === 'node') {
    const node = nodes.get(given.uuid);
    return node === undefined ? draft : { ...draft, source: 'node', node: picked(node) };
  }
  const isOptions = draft.options !== undefined;
  if (given.kind === 'value') {
    const { value } = given;
    return {
      ...draft,
      source: 'new',
      ...(isOptions ? { options: optionsFromValue(value) } : { text: spell(value) }),
    };
  }
  if (given.kind !== 'json') return draft;
  const { text } = given;
  return { ...draft, source: 'new', ...(isOptions ? { options: optionsFromText(text) } : { text }) };
}
