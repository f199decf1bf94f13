import type { ProcessSpec } from '#shared/process/ports.ts';
import { functionPlugin, jobPlugin, workflowPlugin } from './names.ts';

const ports = (names: Readonly<Record<string, 'dict' | 'code' | 'data'>>): ProcessSpec['inputs'] => ({
  kind: 'namespace',
  required: true,
  help: '',
  ports: Object.fromEntries(
    Object.entries(names).map(([name, type]) => [
      name,
      { kind: 'port', types: [type], required: name !== 'before', help: '' } as const,
    ]),
  ),
});

const spec = (
  id: string,
  kind: ProcessSpec['kind'],
  inputs: ProcessSpec['inputs'],
  required: readonly string[],
): ProcessSpec => ({
  id,
  kind,
  label: id,
  processType: `stemma.test:${id}`,
  summary: '',
  version: '1',
  inputs,
  outputs: {
    kind: 'namespace',
    required: true,
    help: '',
    dynamic: ['data'],
    ports: Object.fromEntries(
      required.map((name) => [name, { kind: 'port', types: ['data'], required: true, help: '' } as const]),
    ),
  },
  exitCodes: [],
});

export const jobSpec = spec(
  jobPlugin,
  'calculation-job',
  ports({ code: 'code', parameters: 'dict', before: 'data' }),
  ['result'],
);

export const plainSpecs: readonly ProcessSpec[] = [
  jobSpec,
  spec(functionPlugin, 'calculation-function', ports({ parameters: 'dict', before: 'data' }), ['result']),
  spec(workflowPlugin, 'workflow', ports({ program: 'dict', before: 'data' }), []),
];
