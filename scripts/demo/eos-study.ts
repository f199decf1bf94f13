import { NodeType } from '#shared/provenance/node-types.ts';
import { float } from '#shared/provenance/python-json.ts';
import type { Draft, DraftNode } from './draft.ts';
import { latticeConstantOf, volumeOf, type Element } from './elements.ts';
import { birchMurnaghan, fit } from './equation-of-state.ts';
import type { JobPlace } from './jobs.ts';
import { npy } from './npy.ts';
import { potentialOf, secondsOf, type Shared } from './shared-inputs.ts';
import type { Ending } from './texts.ts';
import { callFunction, finish, runScf, startWorkflow, structureNode } from './workflows.ts';

export const scales = [0.94, 0.97, 1, 1.03, 1.06] as const;
const round = (value: number, digits: number) => float(Number(value.toFixed(digits)));

/** The equation of state of one element: five volumes, a fit, and the energies as a curve. */
export function equationOfState(
  draft: Draft,
  place: JobPlace,
  shared: Shared,
  element: Element,
  slow: number | null,
): DraftNode {
  const { parameters } = shared;
  const potential = potentialOf(draft, shared, element);
  const structure = structureNode(draft, element, element.a, element.name);
  const inputs = { structure, parameters, potential, scales: shared.scales, code: place.code };
  const chain = startWorkflow(
    draft,
    'EquationOfStateWorkChain',
    'demo.eos',
    inputs,
    null,
    `equation of state of ${element.name}`,
  );
  draft.log(
    chain,
    'REPORT',
    `[${chain.id}|EquationOfStateWorkChain|run_points]: five volumes around ${volumeOf(element, element.a).toFixed(3)} Å³`,
  );
  const minimum = { ...element, volume: volumeOf(element, element.a) };
  const points: { readonly node: DraftNode; readonly volume: number; readonly energy: number }[] = [];
  for (const [i, scale] of scales.entries()) {
    const a = latticeConstantOf(element, minimum.volume * scale);
    const factor = draft.node(NodeType.float, { value: float(scale) });
    const { result: scaled } = callFunction(
      draft,
      'scale_structure',
      5,
      { structure, scale: factor },
      { node: chain, label: `scale_${i}` },
      () => ({
        result: structureNode(draft, element, a),
      }),
    );
    if (scaled === undefined) throw new Error('No scaled structure');
    // what the grid of a real code does to a smooth curve
    const energy = birchMurnaghan(minimum, minimum.volume * scale) + 2e-5 * Math.sin(7 * i + element.mass);
    const seconds = secondsOf(draft, element);
    const converged: Ending = { kind: 'converged', energy, seconds };
    const { job } = runScf(draft, place, {
      element,
      a,
      structure: scaled,
      parameters,
      potential,
      energy,
      endings:
        i === slow
          ? [
              { kind: 'walltime', seconds: 1800 },
              { ...converged, seconds: 1410 },
            ]
          : [converged],
      caller: { node: chain, label: `point_${i}` },
    });
    if (job.output === null) throw new Error('No result');
    points.push({ node: job.output, volume: volumeOf(element, a), energy: Number(energy.toFixed(8)) });
  }
  const volumes = points.map(({ volume }) => volume);
  const energies = points.map(({ energy }) => energy);
  const outputs = callFunction(
    draft,
    'fit_equation_of_state',
    13,
    Object.fromEntries(points.map(({ node }, i) => [`point_${i}`, node])),
    { node: chain, label: 'fit' },
    () => ({
      result: fitNode(draft, element, volumes, energies),
      curve: curveNode(draft, volumes, energies),
    }),
  );
  finish(draft, chain, outputs, null, '3:results');
  return chain;
}

function fitNode(
  draft: Draft,
  element: Element,
  volumes: readonly number[],
  energies: readonly number[],
): DraftNode {
  const found = fit(volumes, energies);
  return draft.node(NodeType.dict, {
    form: 'birch-murnaghan-3',
    volume: round(found.volume, 4),
    volume_units: 'angstrom^3',
    lattice_constant: round(latticeConstantOf(element, found.volume), 4),
    lattice_constant_units: 'angstrom',
    energy: round(found.energy, 6),
    energy_units: 'eV',
    bulk_modulus: round(found.bulkModulus, 2),
    bulk_modulus_units: 'GPa',
    bulk_modulus_derivative: round(found.bulkDerivative, 3),
    residual: float(Number(found.residual.toExponential(3))),
  });
}

const curveNode = (draft: Draft, volumes: readonly number[], energies: readonly number[]): DraftNode =>
  draft.node(
    'data.core.array.xy.XyData.',
    {
      x_name: 'volume',
      x_units: 'angstrom^3',
      y_names: ['energy'],
      y_units: ['eV'],
      'array|x_array': [volumes.length],
      'array|y_array_0': [energies.length],
    },
    {
      files: {
        'x_array.npy': npy(volumes, [volumes.length]),
        'y_array_0.npy': npy(energies, [energies.length]),
      },
    },
  );
