import type { Leaving } from '../leaving.ts';
import type { TreeSink } from '../tree-sink.ts';
import type { DataForm } from './data-entity.ts';
import { sourceOf, type Definition, type Parameter } from './definitions.ts';
import { ref, refs, type Entity } from './entity.ts';

const languages = {
  python: {
    '@id': '#python',
    '@type': 'ComputerLanguage',
    name: 'Python',
    url: 'https://www.python.org/',
  },
  typescript: {
    '@id': '#typescript',
    '@type': 'ComputerLanguage',
    name: 'TypeScript',
    url: 'https://www.typescriptlang.org/',
  },
  record: {
    '@id': '#record',
    '@type': 'ComputerLanguage',
    name: 'Record of runs',
    description: 'Steps, inputs and outputs as provenance recorded them; the source was not stored.',
  },
} as const satisfies Record<string, Entity>;

/** Bioschemas profiles that the validator of Workflow RO-Crates looks for. */
const workflowProfile = 'https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE';
const parameterProfile = 'https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE';

/** Writes the source of a definition, or what its runs say of it, and describes it with its steps and parameters. */
export async function definitionEntities(
  leaving: Leaving,
  definition: Definition,
  forms: ReadonlyMap<number, { readonly id: string; readonly form: DataForm }>,
  sink: TreeSink,
): Promise<readonly Entity[]> {
  const { id, name, path, example, code, isWorkflow } = definition;
  const source = sourceOf(leaving, example);
  const language = languages[source?.language ?? 'record'];
  if (path !== null) {
    if (source === null || sink.purged(source.hash) !== null) await sink.text(path, recordOf(definition));
    else await sink.object(path, source.hash);
  }
  const about = { name, identifier: example.processType, version: versionOf(leaving, definition) };
  if (!isWorkflow) {
    const tool: Entity = {
      '@id': id,
      '@type': path === null ? 'SoftwareApplication' : ['File', 'SoftwareSourceCode'],
      ...about,
      softwareRequirements: code === null ? undefined : ref(codeId(code)),
      ...(path === null ? {} : { programmingLanguage: ref(language['@id']) }),
    };
    return [
      tool,
      ...(path === null ? [] : [language]),
      ...(code === null ? [] : [codeEntity(leaving, code)]),
    ];
  }
  const steps = [...definition.steps.values()];
  const parameters = [...definition.inputs.values(), ...definition.outputs.values()];
  return [
    {
      '@id': id,
      '@type': [
        'File',
        'SoftwareSourceCode',
        'ComputationalWorkflow',
        ...(steps.length > 0 ? ['HowTo'] : []),
      ],
      ...about,
      description: source === null ? 'Its source was not recorded: this file lists what its runs show.' : '',
      encodingFormat: source === null ? 'application/json' : 'text/plain',
      conformsTo: ref(workflowProfile),
      programmingLanguage: ref(language['@id']),
      hasPart: refs(steps.map(({ tool }) => tool)),
      step: steps.map((step) => ref(step.id)),
      input: [...definition.inputs.values()].map((one) => ref(one.id)),
      output: [...definition.outputs.values()].map((one) => ref(one.id)),
    },
    language,
    ...steps.map(({ id: stepId, label, position, tool }): Entity => ({
      '@id': stepId,
      '@type': 'HowToStep',
      name: label,
      position: String(position),
      workExample: ref(tool),
    })),
    ...parameters.map((parameter) => parameterEntity(parameter, forms)),
  ];
}

function parameterEntity(
  { id, label, examples }: Parameter,
  forms: ReadonlyMap<number, { readonly id: string; readonly form: DataForm }>,
): Entity {
  const found = [...examples].flatMap((node) => forms.get(node) ?? []);
  const types = [...new Set(found.map(({ form }) => form))];
  return {
    '@id': id,
    '@type': 'FormalParameter',
    name: label,
    conformsTo: ref(parameterProfile),
    additionalType: types.length === 1 ? types[0] : types,
    workExample: refs(found.map((one) => one.id)),
  };
}

const codeId = (code: { readonly uuid: string }): string => `urn:uuid:${code.uuid}`;

function codeEntity(leaving: Leaving, code: NonNullable<Definition['code']>): Entity {
  const attributes = leaving.attributes(code);
  const executable = attributes['filepath_executable'] ?? attributes['remote_exec_path'];
  const computer = code.computer === null ? undefined : leaving.computers.get(code.computer);
  const place = typeof executable === 'string' ? `Executable: ${executable}` : '';
  return {
    '@id': codeId(code),
    '@type': 'SoftwareApplication',
    name: code.name,
    description: [code.description, place].filter((text) => text !== '').join('\n'),
    availableOnDevice: computer === undefined ? undefined : `${computer.label} (${computer.hostname})`,
  };
}

/** What the first run noted of the plugin's version. */
function versionOf(leaving: Leaving, { example }: Definition): string | undefined {
  const noted = leaving.attributes(example)['version'];
  const plugin =
    typeof noted === 'object' && noted !== null ? (noted as { plugin?: unknown }).plugin : undefined;
  return typeof plugin === 'string' ? plugin : undefined;
}

/** What a workflow did, for a reader that has not its source. */
const recordOf = ({ name, example, runs, steps, inputs, outputs }: Definition): string =>
  `${JSON.stringify(
    {
      note: 'The source of this workflow was not recorded. This is what its recorded runs show.',
      workflow: name,
      processType: example.processType,
      runs: runs.map(({ uuid }) => uuid),
      steps: [...steps.values()].map(({ label, tool }) => ({ label, runs: tool })),
      inputs: [...inputs.keys()],
      outputs: [...outputs.keys()],
    },
    null,
    2,
  )}\n`;
