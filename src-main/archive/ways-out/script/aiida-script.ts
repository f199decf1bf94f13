import { floatRepr, PyFloat, readPyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { version } from '../../../version.ts';
import type { StoredProcess } from '../../../provenance/read-api.ts';
import { safeName } from '../safe-name.ts';
import { recordedOptions } from './recorded-options.ts';

/** A script that would run a process again. */
export interface Script {
  readonly name: string;
  readonly text: string;
  /** What has to be there that the script does not bring. */
  readonly needs: readonly string[];
}

/** Text that may stand in a comment or a docstring: one line, no quotes that could end it. */
const comment = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029"\\]/gu, ' ');

/** A text as Python reads it: every escape of JSON is one of Python's. */
const pyText = (text: string): string => JSON.stringify(text);

/** A JSON value as a Python literal: `1` and `1.0` stay what they are. */
export function pythonLiteral(value: PyJson): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return Number.isInteger(value) ? BigInt(value).toString() : floatRepr(value);
    case 'bigint':
      return value.toString();
    case 'string':
      return pyText(value);
    default:
  }
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (Array.isArray(value)) return `[${value.map((one: PyJson) => pythonLiteral(one)).join(', ')}]`;
  const pairs = Object.entries(value as Readonly<Record<string, PyJson>>);
  return `{${pairs.map(([key, one]) => `${pyText(key)}: ${pythonLiteral(one)}`).join(', ')}}`;
}

/** Lines of Python, and a tree of inputs: labels of links have namespaces joined by `__`. */
interface Tree {
  readonly children: Map<string, Tree | Line>;
}

interface Line {
  readonly code: string;
  readonly remark: string;
}

function put(tree: Tree, path: readonly string[], line: Line): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    tree.children.set(first, line);
    return;
  }
  const known = tree.children.get(first);
  const inside: Tree = known !== undefined && 'children' in known ? known : { children: new Map() };
  tree.children.set(first, inside);
  put(inside, rest, line);
}

function putJson(tree: Tree, path: readonly string[], value: PyJson): void {
  const isObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof PyFloat);
  if (isObject && path.at(-1) !== 'resources' && path.at(-1) !== 'environment_variables') {
    for (const [key, one] of Object.entries(value)) putJson(tree, [...path, key], one);
  } else put(tree, path, { code: pythonLiteral(value), remark: '' });
}

function* lines({ children }: Tree, indent: string): Generator<string> {
  for (const [name, child] of children) {
    if ('code' in child) {
      const remark = child.remark === '' ? '' : `  # ${child.remark}`;
      yield `${indent}${pyText(name)}: ${child.code},${remark}`;
    } else {
      yield `${indent}${pyText(name)}: {`;
      yield* lines(child, `${indent}    `);
      yield `${indent}},`;
    }
  }
}

const factories = [
  ['aiida.calculations:', 'CalculationFactory'],
  ['aiida.workflows:', 'WorkflowFactory'],
] as const;

interface Found {
  readonly imports: readonly string[];
  readonly expression: string;
  readonly need: string;
}

/** How Python gets at what was run: an entry point, or `module.name` where it has none. */
function processOf(processType: string): Found {
  for (const [group, factory] of factories) {
    if (!processType.startsWith(group)) continue;
    const name = processType.slice(group.length);
    return {
      imports: [`from aiida.plugins import ${factory}`],
      expression: `${factory}(${pyText(name)})`,
      need: `a plugin with the entry point “${name}” (${group.slice(0, -1)})`,
    };
  }
  const dot = processType.lastIndexOf('.');
  const [module, name] = [processType.slice(0, dot), processType.slice(dot + 1)];
  return {
    imports: ['from importlib import import_module'],
    expression: `getattr(import_module(${pyText(module)}), ${pyText(name)})`,
    need:
      module === '__main__'
        ? `“${name}”, which was defined in a script that was run: put it into a module and change the line below`
        : `the Python module “${module}” with “${name}”`,
  };
}

/**
 * A Python script for AiiDA 2 that submits a process again: inputs are loaded by their UUIDs, options are those that were
 * recorded. It holds no data itself.
 */
export function aiidaScript(process: StoredProcess): Script {
  const { row, processType, inputs } = process;
  const attributes = readPyJson(process.attributes) as Readonly<Record<string, PyJson>>;
  const found = processOf(processType);
  const tree: Tree = { children: new Map() };
  for (const { label, node } of inputs) {
    const load = node.kind === 'code' ? 'load_code' : 'load_node';
    const words = comment([node.name, node.summary].filter((text) => text !== '').join(', ')).slice(0, 100);
    put(tree, label.split('__'), { code: `orm.${load}(${pyText(node.uuid)})`, remark: words });
  }
  for (const [path, value] of recordedOptions(attributes, row.kind)) putJson(tree, path, value);
  const isFunction = row.kind === 'calculation-function';
  const needs = [
    'AiiDA 2 with a profile that has the inputs: import the archive with them first',
    found.need,
    ...(row.kind === 'calculation-job'
      ? ['the computer of the code, set up and configured in that profile (`verdi computer configure`)']
      : []),
  ];
  const text = `#!/usr/bin/env python
"""Runs ${comment(row.name)} again, with the inputs of ${row.uuid}.

It needs:
${needs.map((need) => `- ${comment(need)}`).join('\n')}

The new run has its own provenance; whether it gives the same result is up to the code, its version and the machine.
Written by Stemma ${version} from recorded provenance.
"""

from aiida import load_profile, orm
${isFunction ? '' : 'from aiida.engine import submit\n'}${found.imports.join('\n')}

load_profile()

process = ${found.expression}

inputs = {
${[...lines(tree, '    ')].join('\n')}
}

${isFunction ? 'result, node = process.run_get_node(**inputs)' : 'node = submit(process, **inputs)'}
print(node)
`;
  return { name: `${safeName(`rerun-${row.name}-${row.pk}`)}.py`, text, needs };
}
