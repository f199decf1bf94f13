import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { userError } from '#shared/base/errors.ts';
import { uuid } from '#shared/contract/common.ts';
import type { InputValue, LaunchRequestInput } from '#shared/contract/areas/launch.ts';
import { cacheChoices } from '#shared/process/caching-rules.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import {
  namespaceSeparator,
  portAt,
  valueTypes,
  type PortNamespace,
  type ProcessSpec,
  type ValueType,
} from '#shared/process/ports.ts';
import { stopRules } from '#shared/process/stop-rules.ts';

/** Where names in a file of inputs lead. */
export interface Lookups {
  /** Relative paths of `{"file": PATH}` begin here. */
  readonly folder: string;
  /** UUID of a code by `label@computer`. */
  code(label: string): Promise<string | null>;
  /** UUID of a computer by its label. */
  computer(label: string): Promise<string | null>;
  /** What such a text may be, for who wrote another one. */
  known(what: 'code' | 'computer'): Promise<readonly string[]>;
}

const inputsFile = z.strictObject({
  inputs: z.record(z.string(), z.json()).default({}),
  label: z.string().optional(),
  description: z.string().optional(),
  computer: z.string().optional(),
  options: jobOptions.optional(),
  caching: z.enum(cacheChoices).optional(),
  rules: stopRules.optional(),
});

const byNode = z.strictObject({ node: uuid });
const byFile = z.strictObject({ file: z.string().min(1) });
const byValue = z.strictObject({ value: z.json(), type: z.enum(valueTypes) });

type Json = z.output<ReturnType<typeof z.json>>;

/**
 * What to launch, from a file that a person wrote: plain values become nodes of the type that the port takes,
 * `{"node": UUID}` is a stored node, `{"file": PATH}` a file, `{"value": …, "type": …}` a value of just that type;
 * a code is `"label@computer"`. Nested objects are namespaces.
 * @throws StemmaError `bad-inputs`, which names the input
 */
export async function launchRequestOf(
  spec: ProcessSpec,
  text: string,
  lookups: Lookups,
): Promise<LaunchRequestInput> {
  const parsed = inputsFile.safeParse(parseJson(text));
  if (!parsed.success) throw bad('', z.prettifyError(parsed.error).replaceAll(/\s+/g, ' '));
  const { inputs, computer, ...rest } = parsed.data;
  const values: Record<string, InputValue> = {};
  for (const [label, value] of flatten(inputs, spec.inputs, '')) {
    values[label] = await valueOf(label, value, spec, lookups);
  }
  const where = computer === undefined ? undefined : await computerOf(computer, lookups);
  return { plugin: spec.id, inputs: values, ...(where !== undefined && { computer: where }), ...rest };
}

const rulesFile = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      context.addIssue(`the file is no JSON: ${(error as Error).message}`);
      return z.NEVER;
    }
  })
  .pipe(stopRules);

/** Stop rules from a file that holds nothing else. @throws StemmaError `bad-rules`, which names the rule */
export function rulesOf(text: string): NonNullable<LaunchRequestInput['rules']> {
  const parsed = rulesFile.safeParse(text);
  if (parsed.success) return parsed.data;
  const why = z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ');
  throw userError({ code: 'bad-rules', message: `The stop rules are not valid: ${why}.` });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw bad('', `the file is no JSON: ${(error as Error).message}`);
  }
}

function* flatten(
  inputs: Readonly<Record<string, Json>>,
  namespace: PortNamespace,
  prefix: string,
): Generator<readonly [string, Json]> {
  for (const [name, value] of Object.entries(inputs)) {
    const port = namespace.ports[name];
    if (port?.kind === 'namespace' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      yield* flatten(value, port, `${prefix}${name}${namespaceSeparator}`);
    } else yield [`${prefix}${name}`, value];
  }
}

async function valueOf(label: string, json: Json, spec: ProcessSpec, lookups: Lookups): Promise<InputValue> {
  const port = portAt(spec.inputs, label);
  if (port === null)
    throw bad(label, `${spec.id} has none of that name`, knownHint(Object.keys(spec.inputs.ports)));
  const node = byNode.safeParse(json);
  if (node.success) return { kind: 'node', uuid: node.data.node };
  const file = byFile.safeParse(json);
  if (file.success) return fileValue(label, resolve(lookups.folder, file.data.file));
  const typed = byValue.safeParse(json);
  if (typed.success) return { kind: 'value', type: typed.data.type, value: typed.data.value };
  if (typeof json === 'string' && port.types.includes('code')) return codeValue(label, json, lookups);
  const type = typesOf(json).find((candidate) => port.types.includes(candidate));
  if (type !== undefined) return { kind: 'value', type, value: json };
  const [likely] = typesOf(json);
  if (likely !== undefined && port.types.includes('data'))
    return { kind: 'value', type: likely, value: json };
  throw bad(label, `takes ${port.types.join(' or ')}, not ${JSON.stringify(json)}`);
}

/** The types that a JSON value can be, the likeliest first. */
function typesOf(json: Json): readonly ValueType[] {
  if (typeof json === 'boolean') return ['bool'];
  if (typeof json === 'number') return Number.isSafeInteger(json) ? ['int', 'float'] : ['float'];
  if (typeof json === 'string') return ['str'];
  if (Array.isArray(json)) return ['list'];
  return json === null ? [] : ['dict'];
}

async function codeValue(label: string, text: string, lookups: Lookups): Promise<InputValue> {
  if (uuid.safeParse(text).success) return { kind: 'node', uuid: text };
  const found = await lookups.code(text);
  if (found === null)
    throw bad(label, `there is no code “${text}” (label@computer)`, knownHint(await lookups.known('code')));
  return { kind: 'node', uuid: found };
}

async function fileValue(label: string, path: string): Promise<InputValue> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw bad(label, error.message);
  });
  return { kind: 'file', name: basename(path), content: new Uint8Array(bytes) };
}

async function computerOf(text: string, lookups: Lookups): Promise<string> {
  const found = uuid.safeParse(text).success ? text : await lookups.computer(text);
  if (found === null)
    throw bad('computer', `there is no computer “${text}”`, knownHint(await lookups.known('computer')));
  return found;
}

const mostKnown = 20;

const knownHint = (all: readonly string[]): string => {
  if (all.length === 0) return 'There is none yet: add it in the app.';
  const more = all.length > mostKnown ? ` and ${all.length - mostKnown} more` : '';
  return `Known are: ${all.slice(0, mostKnown).join(', ')}${more}.`;
};

const bad = (input: string, why: string, hint?: string): Error =>
  userError({
    code: 'bad-inputs',
    message: `${input === '' ? 'The inputs are not valid' : `The input “${input}”`}: ${why}.`,
    ...(hint === undefined ? {} : { hint }),
  });
