import { userError } from '#shared/base/errors.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import { readPyJson, toPlain, type PyJson } from '#shared/provenance/python-json.ts';
import type { StoredProcess } from '../../../provenance/read-api.ts';
import { safeName } from '../safe-name.ts';
import type { Script } from './aiida-script.ts';
import { jobOptionsOf } from './recorded-options.ts';

/**
 * The file of inputs with which `stemma launch` runs a process again.
 * @throws StemmaError `no-plugin` where no plugin here runs it
 */
export function launchFile(process: StoredProcess, spec: ProcessSpec | null): Script {
  const { row, inputs, processType } = process;
  if (spec === null) {
    throw userError({
      code: 'no-plugin',
      message: `No plugin here runs “${row.name}” (${processType === '' ? 'its type was not recorded' : processType}).`,
      subject: row.uuid,
      hint: 'The script for AiiDA may be what you want.',
    });
  }
  const attributes = readPyJson(process.attributes) as Readonly<Record<string, PyJson>>;
  const recorded = Object.fromEntries(
    jobOptionsOf(attributes).map(([name, value]) => [name, toPlain(value)]),
  );
  const options = row.kind === 'calculation-job' ? jobOptions.safeParse(recorded) : null;
  const hasCode = inputs.some(({ node }) => node.kind === 'code');
  const file = {
    inputs: nested(inputs.map(({ label, node }) => [label.split('__'), { node: node.uuid }])),
    ...(options?.success === true ? { options: options.data } : {}),
    ...(hasCode || row.computer === '' ? {} : { computer: row.computer }),
    ...(row.label === '' ? {} : { label: row.label }),
    ...(process.description === '' ? {} : { description: process.description }),
  };
  const name = `${safeName(`rerun-${row.name}-${row.pk}`)}.json`;
  const needs = [
    'a profile that has the inputs and the code',
    `the plugin “${spec.id}”: stemma launch ${spec.id} --inputs ${name} --profile DIR --wait`,
    ...(options?.success === false
      ? ['options of your own: those that were recorded are not valid here']
      : []),
  ];
  return { name, text: `${JSON.stringify(file, null, 2)}\n`, needs };
}

type Nested = { [name: string]: Nested | { readonly node: string } };

function nested(
  values: readonly (readonly [path: readonly string[], value: { readonly node: string }])[],
): Nested {
  const root: Nested = Object.create(null) as Nested;
  for (const [path, value] of values) {
    let at = root;
    for (const part of path.slice(0, -1)) {
      const next = at[part] ?? (Object.create(null) as Nested);
      at[part] = next;
      at = next as Nested;
    }
    at[path.at(-1) ?? ''] = value;
  }
  return root;
}
