import { NodeType } from '#shared/provenance/node-types.ts';
import { float, type PyJson } from '#shared/provenance/python-json.ts';
import type { Attributes, Draft, DraftNode } from './draft.ts';
import { cellOf, positionsOf, type Element } from './elements.ts';
import { runJob, type Job, type JobPlace } from './jobs.ts';
import { functionsText, type Ending } from './texts.ts';

const floats = (values: readonly number[]): PyJson => values.map((value) => float(Number(value.toFixed(10))));

export function structureNode(draft: Draft, element: Element, a: number, label = ''): DraftNode {
  const positions = positionsOf(element, a);
  const { symbol, mass } = element;
  return draft.node(
    NodeType.structure,
    {
      cell: cellOf(element, a).map(floats),
      kinds: [{ mass: float(mass), name: symbol, symbols: [symbol], weights: [float(1)] }],
      pbc1: true,
      pbc2: true,
      pbc3: true,
      sites: positions.map((position) => ({ kind_name: symbol, position: floats(position) })),
    },
    { label },
  );
}

/** Starts a workflow: its node, with its inputs. `finish` seals it. */
export function startWorkflow(
  draft: Draft,
  name: string,
  entryPoint: string,
  inputs: Readonly<Record<string, DraftNode>>,
  caller: { readonly node: DraftNode; readonly label: string } | null,
  label = '',
): DraftNode {
  const chain = draft.node(
    NodeType.workChain,
    { process_label: name },
    { processType: `aiida.workflows:${entryPoint}`, label },
  );
  for (const [port, node] of Object.entries(inputs)) draft.link(node, chain, 'input_work', port);
  if (caller !== null) draft.link(caller.node, chain, 'call_work', caller.label);
  return chain;
}

export function finish(
  draft: Draft,
  chain: DraftNode,
  outputs: Readonly<Record<string, DraftNode>>,
  exit: { readonly status: number; readonly message: string } | null,
  stepper: string,
): void {
  for (const [label, node] of Object.entries(outputs)) draft.link(chain, node, 'return', label);
  chain.attributes = {
    ...chain.attributes,
    process_state: 'finished',
    exit_status: exit?.status ?? 0,
    ...(exit === null ? {} : { exit_message: exit.message }),
    sealed: true,
    stepper_state_info: stepper,
    version: { core: '2.9.0', plugin: '1.2.0' },
    metadata_inputs: { metadata: {} },
  };
  chain.mtime = draft.after(0.4);
}

/** Runs a calculation function, on paper. */
export function callFunction(
  draft: Draft,
  name: string,
  line: number,
  inputs: Readonly<Record<string, DraftNode>>,
  caller: { readonly node: DraftNode; readonly label: string },
  make: () => Readonly<Record<string, DraftNode>>,
): Readonly<Record<string, DraftNode>> {
  const attributes: Attributes = {
    function_name: name,
    function_namespace: 'study.functions',
    function_starting_line_number: line,
    function_number_of_lines: 6,
    process_label: name,
    process_state: 'finished',
    exit_status: 0,
    sealed: true,
    version: { core: '2.9.0' },
    metadata_inputs: { metadata: { store_provenance: true, call_link_label: caller.label } },
  };
  const node = draft.node(NodeType.calcFunction, attributes, {
    processType: `study.functions.${name}`,
    files: { source_file: functionsText },
  });
  for (const [port, input] of Object.entries(inputs)) draft.link(input, node, 'input_calc', port);
  draft.link(caller.node, node, 'call_calc', caller.label);
  const outputs = make();
  for (const [port, output] of Object.entries(outputs)) draft.link(node, output, 'create', port);
  node.mtime = draft.now;
  return outputs;
}

export interface ScfRequest {
  readonly element: Element;
  /** Lattice constant, Å. */
  readonly a: number;
  readonly structure: DraftNode;
  readonly parameters: DraftNode;
  readonly potential: DraftNode;
  /** Of the primitive cell, eV. */
  readonly energy: number;
  /** One for each attempt; the workflow ends when one has converged, or after the last. */
  readonly endings: readonly Ending[];
  readonly caller: { readonly node: DraftNode; readonly label: string } | null;
  readonly label?: string;
}

/** A restart workflow: it mends what can be mended (walltime, mixing) and tries again, at most three times. */
export function runScf(
  draft: Draft,
  place: JobPlace,
  request: ScfRequest,
): { readonly chain: DraftNode; readonly job: Job } {
  const { element, a, structure, parameters, potential, energy, endings, caller } = request;
  const inputs = { structure, parameters, potential };
  const chain = startWorkflow(
    draft,
    'ScfBaseWorkChain',
    'demo.base',
    {
      scf__structure: structure,
      scf__parameters: parameters,
      scf__potential: potential,
      scf__code: place.code,
    },
    caller,
    request.label,
  );
  const tag = (method: string): string => `[${chain.id}|ScfBaseWorkChain|${method}]: `;
  const handled: PyJson[] = [];
  let walltime = 1800;
  let last: Job | null = null;
  for (const [i, ending] of endings.entries()) {
    const label = `iteration_0${i + 1}`;
    const mixing = ending.kind === 'not-converged' ? 0.7 / 2 ** i : 0.7;
    const more: Record<string, DraftNode> = last === null ? {} : { parent_folder: last.remote };
    last = runJob(
      draft,
      place,
      {
        element,
        cell: cellOf(element, a),
        positions: positionsOf(element, a),
        cutoff: 40,
        mesh: [8, 8, 8],
        mixing,
        mode: 'scf',
      },
      { ...inputs, ...more },
      { energy, ending, walltime, caller: chain, label },
    );
    draft.log(
      chain,
      'REPORT',
      `${tag('run_process')}launching ScfCalculation<${last.process.id}> iteration #${i + 1}`,
    );
    handled.push(handle(draft, chain, tag, last, ending, i + 1 < endings.length));
    if (ending.kind === 'walltime') walltime *= 2;
  }
  if (last === null) throw new Error('A restart workflow needs an attempt');
  chain.extras = { considered_handlers: handled };
  const { remote, retrieved, output } = last;
  const done = endings.at(-1)?.kind === 'converged';
  finish(
    draft,
    chain,
    done && output !== null ? { output_parameters: output, remote_folder: remote, retrieved } : {},
    done ? null : { status: 401, message: 'The maximum number of iterations was exceeded.' },
    done ? '3:results' : '2:while_(should_run_process)(1:inspect_process)',
  );
  return { chain, job: last };
}

function handle(
  draft: Draft,
  chain: DraftNode,
  tag: (method: string) => string,
  job: Job,
  ending: Ending,
  again: boolean,
): PyJson {
  const name = `ScfCalculation<${job.process.id}>`;
  const report = (method: string, text: string): void => draft.log(chain, 'REPORT', `${tag(method)}${text}`);
  switch (ending.kind) {
    case 'converged':
      report('results', `work chain completed after ${name}`);
      return [];
    case 'walltime':
      report('report_error_handled', `${name} failed with exit status 120: The job ran out of walltime.`);
      report(
        'handle_out_of_walltime',
        'Action taken: restart from the last density with twice the walltime.',
      );
      return [['handle_out_of_walltime', { do_break: true, exit_status: 0 }]];
    case 'not-converged':
      report(
        'report_error_handled',
        `${name} failed with exit status 410: the self-consistency cycle did not converge.`,
      );
      report('handle_not_converged', 'Action taken: halve the mixing and restart.');
      if (!again) report('inspect_process', `reached the maximum number of iterations 3: last ran ${name}`);
      return [['handle_not_converged', { do_break: true, exit_status: 0 }]];
  }
}
