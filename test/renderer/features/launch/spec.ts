import type { Port, PortNamespace, ProcessSpec, ValueType } from '#shared/process/ports.ts';

export const port = (types: readonly ValueType[], more: Partial<Port> = {}): Port => ({
  kind: 'port',
  types,
  required: true,
  help: '',
  ...more,
});

export const namespace = (ports: PortNamespace['ports'], dynamic?: readonly ValueType[]): PortNamespace => ({
  kind: 'namespace',
  ports,
  required: false,
  help: '',
  dynamic,
});

export const specOf = (
  inputs: PortNamespace['ports'],
  more: Partial<ProcessSpec> = {},
  dynamic?: readonly ValueType[],
): ProcessSpec => ({
  id: 'a.plugin',
  kind: 'calculation-job',
  label: 'APlugin',
  processType: 'aiida.calculations:a.plugin',
  summary: '',
  version: '1',
  inputs: namespace(inputs, dynamic),
  outputs: namespace({}),
  exitCodes: [],
  ...more,
});
