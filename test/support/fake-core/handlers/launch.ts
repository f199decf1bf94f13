import { shellRestart } from '#main/plugins/builtin/shell-restart.ts';
import type { Handlers } from '#shared/channel/server.ts';
import { userError } from '#shared/base/errors.ts';
import type { InputIssue, launchArea, LaunchRequest } from '#shared/contract/areas/launch.ts';
import { valueProblem } from '#shared/process/check-value.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import { flatPorts, portAt, type Port, type PortNamespace, type ProcessSpec } from '#shared/process/ports.ts';
import { addProcess, jobTimeline } from '../build-process.ts';
import { planOf } from '../build-resume.ts';
import { submitScript } from '../texts.ts';
import type { World } from '../world.ts';

const namespace = (ports: PortNamespace['ports']): PortNamespace => ({
  kind: 'namespace',
  ports,
  required: true,
  help: '',
});

const port = (types: Port['types'], more: Partial<Port> = {}): Port => ({
  kind: 'port',
  types,
  required: true,
  help: '',
  ...more,
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
  {
    id: 'quantumespresso.pw',
    kind: 'calculation-job',
    label: 'PwCalculation',
    processType: 'aiida.calculations:quantumespresso.pw',
    summary: 'Self-consistent calculations, relaxations and bands with pw.x.',
    version: '7.3',
    // every kind of port that a form can show
    inputs: namespace({
      code: port(['code'], { help: 'The pw.x executable.' }),
      structure: port(['structure'], { help: 'The crystal.' }),
      parameters: port(['dict'], { help: 'Namelists and their keys.' }),
      ecut: port(['float'], {
        required: false,
        unit: 'Ry',
        help: 'The cutoff.',
        limits: { minimum: 10, maximum: 400 },
      }),
      smearing: port(['str'], {
        defaultValue: 'cold',
        limits: { choices: ['cold', 'gauss', 'fermi'] },
        help: 'The kind of smearing.',
      }),
      prefix: port(['str'], {
        required: false,
        limits: { pattern: { source: '[a-z]+', words: 'lower-case letters' } },
      }),
      spin: port(['bool'], { required: false, help: 'Spin polarisation.' }),
      kpath: port(['list'], { required: false, help: 'Points of high symmetry.' }),
      restart: port(['remote', 'folder'], { required: false, help: 'Where an earlier run left its files.' }),
      settings: {
        kind: 'namespace',
        required: false,
        help: 'How the plugin behaves.',
        ports: { retries: port(['int'], { defaultValue: 3, limits: { minimum: 0 } }) },
      },
      pseudos: {
        kind: 'namespace',
        required: false,
        help: 'One pseudopotential for each kind of atom.',
        ports: {},
        dynamic: ['file'],
      },
    }),
    outputs: namespace({}),
    exitCodes: [],
  },
  shellRestart.spec,
];

/** What is wrong with a request: enough of the real check for pages to have something to show. */
function issuesOf({ plugin, inputs, options }: LaunchRequest): InputIssue[] {
  const spec = specs.find(({ id }) => id === plugin);
  if (spec === undefined) return [{ field: '', message: `There is no process “${plugin}” here.` }];
  const issues: InputIssue[] = [];
  for (const [label, given] of Object.entries(inputs)) {
    const taken = portAt(spec.inputs, label);
    if (taken === null) issues.push({ field: label, message: `${plugin} has no input “${label}”.` });
    else if (given.kind === 'value') {
      const message = valueProblem(taken, given.value);
      if (message !== null) issues.push({ field: label, message });
    } else if (given.kind === 'json' && taken.holds === 'job-options')
      issues.push(...optionIssues(label, JSON.parse(given.text)));
  }
  for (const [label, { required, defaultValue }] of flatPorts(spec.inputs)) {
    if (required && defaultValue === undefined && !(label in inputs))
      issues.push({ field: label, message: 'Required.' });
  }
  return [...issues, ...optionIssues('options', options ?? {})];
}

const optionIssues = (prefix: string, options: unknown): InputIssue[] =>
  (jobOptions.safeParse(options).error?.issues ?? []).map(({ path, message }) => ({
    field: [prefix, ...path.map(String)].join('.'),
    message,
  }));

export function launchHandlers(world: World): Handlers<typeof launchArea> {
  return {
    'launch.processes': () => specs.map((spec) => ({ ...spec, exitCodes: [...spec.exitCodes] })),
    'launch.preview': (request) => {
      const issues = issuesOf(request);
      const former = world.byUuid.get(request.resume?.from ?? '');
      if (former !== undefined && request.resume !== undefined)
        return { issues: [], job: null, resume: planOf(former, request.resume.again) };
      const isJob = specs.some(({ id, kind }) => id === request.plugin && kind === 'calculation-job');
      if (issues.length > 0 || !isJob) return { issues, job: null };
      return {
        issues,
        job: {
          computer: 'granite',
          scheduler: 'slurm',
          workDirectory: '/scratch/ada/aiida/{uuid}/a1',
          script: submitScript,
          files: [
            {
              path: '_aiidasubmit.sh',
              size: submitScript.length,
              text: submitScript,
              origin: 'job script',
            },
            { path: 'aiida.in', size: 16, text: 'echo $((2 + 3))\n', origin: 'prepared' },
            { path: 'charge-density.dat', size: 2_400_000, text: null, origin: 'from an input' },
          ],
          retrieve: ['aiida.out'],
        },
      };
    },
    'launch.submit': (request) => {
      const { plugin, label } = request;
      world.launched.push(request);
      const spec = specs.find(({ id }) => id === plugin);
      const now = Date.now();
      const node = addProcess(world, {
        kind: spec?.kind ?? 'calculation-job',
        className: spec?.label ?? plugin,
        label,
        state: 'running',
        ctime: now,
        process: spec?.kind === 'workflow' ? {} : { steps: jobTimeline(now, 'prepare') },
      });
      world.isNew = false;
      world.touch();
      return { uuid: node.uuid };
    },
    'launch.again': ({ uuid }) => {
      const node = world.byUuid.get(uuid);
      const spec = specs.find(({ processType }) => processType === node?.processType);
      if (node === undefined || spec === undefined) {
        throw userError({
          code: 'not-launchable',
          message: `There is no plugin here for “${node?.processType ?? uuid}”, so it cannot be launched again.`,
          subject: uuid,
        });
      }
      const inputs: LaunchRequest['inputs'] = {};
      for (const { from, type, label } of world.incoming.get(node.pk) ?? []) {
        const input = world.nodes.get(from);
        if (type.startsWith('input') && input !== undefined && portAt(spec.inputs, label) !== null)
          inputs[label] = { kind: 'node', uuid: input.uuid };
      }
      return {
        plugin: spec.id,
        inputs,
        label: node.label,
        description: node.description,
        options: { resources: { num_machines: 2 }, max_wallclock_seconds: 21_600, queue_name: 'normal' },
      };
    },
  };
}
