import { cacheChoices } from '#shared/process/caching-rules.ts';
import { comparisons } from '#shared/process/rule-types.ts';
import { emptyRule, type RuleDraft } from '#renderer/model/rule-draft.ts';
import { flatPorts, type Port, type ProcessSpec } from '#shared/process/ports.ts';
import { emptyDraft, emptyInput, dynamicPort, namespaceAt } from './draft.ts';
import type { InputDraft, LaunchDraft, NamedInput, PickedNode } from './draft.ts';
import { editorsOf } from './editors.ts';
import { emptyOptions, type OptionsDraft } from './options-draft.ts';

/**
 * A draft that was kept while its page was closed. The plugin may have changed since, and so may the shape of drafts: what
 * still fits is taken over, field by field. Null where it belongs to another profile, whose nodes are unknown here.
 */
export function revive(spec: ProcessSpec, profile: string, stored: unknown): LaunchDraft | null {
  const from = record(stored);
  if (from === null || from['profile'] !== profile) return null;
  const kept = record(from['draft']);
  if (kept === null) return null;
  const draft = emptyDraft(spec);
  const inputs = record(kept['inputs']) ?? {};
  for (const [label, port] of flatPorts(spec.inputs)) {
    draft.inputs[label] = inputFrom(port, inputs[label]);
  }
  draft.named = namedFrom(spec, kept['named']);
  draft.label = text(kept['label']);
  draft.description = text(kept['description']);
  draft.computer = text(kept['computer']);
  draft.options = optionsFrom(kept['options']);
  const caching = cacheChoices.find((choice) => choice === kept['caching']);
  if (caching !== undefined) draft.caching = caching;
  draft.rules = list(kept['rules']).flatMap((item, i) => ruleFrom(i + 1, item));
  return draft;
}

/** What `revive` reads. */
export const keep = (profile: string, draft: LaunchDraft): unknown => ({ profile, draft });

type Plain = Readonly<Record<string, unknown>>;

const record = (value: unknown): Plain | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : null;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function inputFrom(port: Port, stored: unknown): InputDraft {
  const empty = emptyInput(port);
  const from = record(stored);
  if (from === null) return empty;
  const files = list(from['files']).flatMap((item) => {
    const file = record(item);
    const { handle, name, size } = file ?? {};
    return typeof handle === 'string' && typeof name === 'string' && typeof size === 'number'
      ? [{ handle, name, size }]
      : [];
  });
  return {
    source: from['source'] === 'node' || empty.editor === null ? 'node' : 'new',
    editor: editorsOf(port).find((editor) => editor === from['editor']) ?? empty.editor,
    text: text(from['text']),
    files,
    node: nodeFrom(from['node']),
    ...(empty.options === undefined ? {} : { options: optionsFrom(from['options'], empty.options) }),
  };
}

function nodeFrom(stored: unknown): PickedNode | null {
  const { uuid, pk, nodeType, name, summary } = record(stored) ?? {};
  if (typeof uuid !== 'string' || typeof pk !== 'number' || typeof nodeType !== 'string') return null;
  return { uuid, pk, nodeType, name: text(name), summary: text(summary) };
}

function namedFrom(spec: ProcessSpec, stored: unknown): NamedInput[] {
  return list(stored).flatMap((item, i): NamedInput[] => {
    const from = record(item);
    const prefix = text(from?.['prefix']);
    const namespace = namespaceAt(spec.inputs, prefix);
    if (from === null || namespace?.dynamic === undefined) return [];
    const input = inputFrom(dynamicPort(namespace), from['input']);
    return [{ id: i + 1, prefix, name: text(from['name']), input }];
  });
}

/** Every field is a text, or one of a few words: what is none of them is left as usual. */
function ruleFrom(id: number, stored: unknown): RuleDraft[] {
  const from = record(stored);
  if (from === null) return [];
  const usual = emptyRule(id);
  const one = <T extends string>(name: keyof RuleDraft, of: readonly T[]): T | undefined =>
    of.find((value) => value === from[name]);
  return [
    {
      ...usual,
      file: text(from['file']),
      pattern: text(from['pattern']),
      limit: text(from['limit']),
      times: text(from['times']),
      minutes: text(from['minutes']),
      every: text(from['every']),
      kind: one('kind', ['value', 'silent']) ?? usual.kind,
      patternKind: one('patternKind', ['words', 'expression']) ?? usual.patternKind,
      compare: one('compare', comparisons) ?? usual.compare,
      after: one('after', ['parse', 'retrieve', 'nothing']) ?? usual.after,
    },
  ];
}

function optionsFrom(stored: unknown, usual = emptyOptions()): OptionsDraft {
  const from = record(stored) ?? {};
  const entries = Object.entries(usual).map(([name, value]: [string, unknown]) => [
    name,
    typeof from[name] === typeof value ? from[name] : value,
  ]);
  return Object.fromEntries(entries) as OptionsDraft;
}
