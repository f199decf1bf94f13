import { processTypeOf } from '../calculation-plugins.ts';
import { readString } from '../json-text.ts';
import { ObjectText } from '../object-text.ts';
import type { LegacyLink, LegacyNode, LegacyRole, Step, StepFiles } from '../step.ts';

/**
 * The provenance redesign of AiiDA 1.0. Processes are told from data by their types, and what a calculation was is in its
 * process type; links say whether they belong to a calculation or a workflow; base types lose `base`, `ParameterData`
 * becomes `Dict`, codes become data; options of calculations have other names; the symbols of a trajectory move from a
 * file to an attribute; extras appear (nobody exported them before); texts of JSON in tables become JSON.
 */
export const v03ToV04: Step = {
  from: '0.3',
  node: (node, files) => withSymbols(withOptions(withCodePlugin(withTypes(node))), files),
  computer: (row) => jsonOf(jsonOf(row.without('enabled'), 'metadata'), 'transport_params'),
  group: (row) =>
    row.renamed('name', 'label').renamed('type', 'type_string').mapped('type_string', {
      '': 'user',
      'data.upf.family': 'data.upf',
      'aiida.import': 'auto.import',
      'autogroup.run': 'auto.run',
    }),
  log: (row) => jsonOf(row, 'metadata'),
  link: redesigned,
};

const builtin: Readonly<Record<string, string>> = {
  'calculation.job.simpleplugins.arithmetic.add.ArithmeticAddCalculation.':
    'calculation.job.arithmetic.add.ArithmeticAddCalculation.',
  'calculation.job.simpleplugins.templatereplacer.TemplatereplacerCalculation.':
    'calculation.job.templatereplacer.TemplatereplacerCalculation.',
};

/** The type of 0.4 for one of 0.3, which itself says what a process was. */
function nodeType(type: string, attributes: ObjectText): string {
  if (type.startsWith('calculation.job.')) return 'process.calculation.calcjob.CalcJobNode.';
  switch (type) {
    case 'calculation.inline.InlineCalculation.':
      return 'process.calculation.calcfunction.CalcFunctionNode.';
    case 'calculation.function.FunctionCalculation.':
      return 'process.workflow.workfunction.WorkFunctionNode.';
    case 'calculation.process.ProcessCalculation.':
    case 'calculation.work.WorkCalculation.':
      return attributes.json('function_name') === null
        ? 'process.workflow.workchain.WorkChainNode.'
        : 'process.workflow.workfunction.WorkFunctionNode.';
    case 'code.Code.':
      return 'data.code.Code.';
    case 'data.parameter.ParameterData.':
      return 'data.dict.Dict.';
    default:
  }
  if (type.startsWith('data.base.')) {
    const name = type.slice('data.base.'.length);
    return `data.${name.toLowerCase()}${name}`;
  }
  // alphas of AiiDA 1.0 wrote `node.process.…` under this version
  return type.replace(/^node\.(?=data\.|process\.)/, '');
}

function withTypes(node: LegacyNode): LegacyNode {
  const written = node.row.string('type') ?? node.row.string('node_type') ?? '';
  const type = builtin[written] ?? written;
  const processType = type.startsWith('calculation.job.')
    ? processTypeOf(type)
    : (node.row.string('process_type') ?? '');
  return {
    ...node,
    row: node.row
      .without('type')
      .withString('node_type', nodeType(type, node.attributes))
      .withString('process_type', processType),
    extras: ObjectText.empty,
    extraDates: null,
  };
}

/** The plugins that came with AiiDA lost a part of their name. */
function withCodePlugin(node: LegacyNode): LegacyNode {
  if (node.row.string('node_type') !== 'data.code.Code.') return node;
  const attributes = node.attributes.mapped('input_plugin', {
    'simpleplugins.arithmetic.add': 'arithmetic.add',
    'simpleplugins.templatereplacer': 'templatereplacer',
  });
  return { ...node, attributes };
}

function withOptions(node: LegacyNode): LegacyNode {
  const type = node.row.string('node_type') ?? '';
  if (!type.startsWith('process.')) return node;
  const rename = (text: ObjectText): ObjectText => {
    const named =
      type === 'process.calculation.calcjob.CalcJobNode.'
        ? text
            .renamed('custom_environment_variables', 'environment_variables')
            .renamed('jobresource_params', 'resources')
            .renamed('parser', 'parser_name')
        : text;
    return named.renamed('_process_label', 'process_label');
  };
  return {
    ...node,
    attributes: rename(node.attributes),
    attributeDates: node.attributeDates === null ? null : rename(node.attributeDates),
  };
}

/** The file itself is left out where the tree of files is made. */
function withSymbols(node: LegacyNode, files: StepFiles): LegacyNode {
  if (node.row.string('node_type') !== trajectory) return node;
  const symbols = files.textArray(node.row.string('uuid') ?? '', 'symbols.npy');
  if (symbols === null) return node;
  return { ...node, attributes: node.attributes.without('array|symbols').with('symbols', symbols) };
}

const trajectory = 'data.array.trajectory.TrajectoryData.';

/** What Django kept as the text of a JSON becomes the JSON. */
function jsonOf(row: ObjectText, key: string): ObjectText {
  const text = row.json(key);
  return text?.startsWith('"') === true ? row.with(key, readString(text)) : row;
}

/** Links that the old rules allowed and the new ones do not are left out, as AiiDA 1 does. */
function redesigned(link: LegacyLink, source: LegacyRole, target: LegacyRole): LegacyLink | null {
  const into = target === 'workflow' ? 'work' : target === 'calculation' ? 'calc' : null;
  switch (link.type) {
    case 'createlink':
      return source === 'workflow' ? null : { ...link, type: 'create' };
    case 'returnlink':
      return source === 'calculation' ? null : { ...link, type: 'return' };
    case 'calllink':
      if (source === 'calculation') return null;
      return into === null ? link : { ...link, type: `call_${into}` };
    case 'inputlink':
      return into === null ? link : { ...link, type: `input_${into}` };
    default:
      return link;
  }
}
