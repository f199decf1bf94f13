import type { Handlers } from '#shared/channel/server.ts';
import type { launchArea } from '#shared/contract/areas/launch.ts';
import type { PortNamespace, ProcessSpec } from '#shared/process/ports.ts';
import { addProcess, jobTimeline } from '../build-process.ts';
import { submitScript } from '../texts.ts';
import type { World } from '../world.ts';

const namespace = (ports: PortNamespace['ports']): PortNamespace => ({
  kind: 'namespace',
  ports,
  required: true,
  help: '',
});

const int = (help: string) => ({ kind: 'port', types: ['int', 'float'], required: true, help }) as const;

const specs: ProcessSpec[] = [
  {
    id: 'core.arithmetic.add',
    kind: 'calculation-job',
    label: 'ArithmeticAddCalculation',
    processType: 'aiida.calculations:core.arithmetic.add',
    summary: 'Adds two numbers in bash.',
    version: '1',
    inputs: namespace({
      code: { kind: 'port', types: ['code'], required: true, help: 'bash' },
      x: int('The first number.'),
      y: int('The second number.'),
    }),
    outputs: namespace({ sum: int('The sum.') }),
    exitCodes: [{ status: 410, label: 'ERROR_NEGATIVE_NUMBER', message: 'The sum is negative.' }],
  },
  {
    id: 'core.arithmetic.multiply_add',
    kind: 'workflow',
    label: 'MultiplyAddWorkChain',
    processType: 'aiida.workflows:core.arithmetic.multiply_add',
    summary: 'Multiplies two numbers and adds a third.',
    version: '1',
    inputs: namespace({ x: int(''), y: int(''), z: int('') }),
    outputs: namespace({ result: int('') }),
    exitCodes: [],
  },
];

export function launchHandlers(world: World): Handlers<typeof launchArea> {
  return {
    'launch.processes': () => specs.map((spec) => ({ ...spec, exitCodes: [...spec.exitCodes] })),
    'launch.preview': ({ inputs }) => ({
      issues: Object.keys(inputs).length === 0 ? [{ field: 'x', message: 'required' }] : [],
      job: {
        computer: 'granite',
        scheduler: 'core.slurm',
        workDirectory: '/scratch/ada/aiida/{uuid}',
        script: submitScript,
        files: [{ path: 'aiida.in', size: 14, text: 'echo $((2 + 3))\n', origin: 'the plugin' }],
        retrieve: ['aiida.out'],
      },
    }),
    'launch.submit': ({ plugin, label }) => {
      const spec = specs.find(({ id }) => id === plugin);
      const now = Date.now();
      const node = addProcess(world, {
        kind: spec?.kind ?? 'calculation-job',
        className: spec?.label ?? plugin,
        label,
        state: 'running',
        ctime: now,
        process: { steps: jobTimeline(now, 'prepare') },
      });
      world.isNew = false;
      world.touch();
      return { uuid: node.uuid };
    },
    'launch.again': () => ({ plugin: 'core.arithmetic.add', inputs: {}, label: '', description: '' }),
  };
}
