import { float } from '#shared/provenance/python-json.ts';
import type { Draft, DraftNode } from './draft.ts';
import { cellOf, elements, positionsOf } from './elements.ts';
import { runJob, type JobPlace } from './jobs.ts';
import { npy } from './npy.ts';
import { potentialOf, secondsOf, type Shared } from './shared-inputs.ts';
import { bandsAt, fractional, path } from './silicon-bands.ts';
import { callFunction, finish, runScf, startWorkflow } from './workflows.ts';

/** The bands of silicon: a path, a density, the energies along the path. */
export function bandStructure(draft: Draft, place: JobPlace, shared: Shared): DraftNode {
  const element = elements.Si;
  const { parameters } = shared;
  const potential = potentialOf(draft, shared, element);
  const structure = draft.nodes.find(({ label }) => label === element.name);
  if (structure === undefined) throw new Error('No structure of silicon');
  const inputs = { structure, parameters, potential, code: place.code };
  const chain = startWorkflow(
    draft,
    'BandStructureWorkChain',
    'demo.bands',
    inputs,
    null,
    'bands of silicon',
  );
  const { points, labels, numbers } = path();
  const cell = cellOf(element, element.a).map((row) => row.map((x) => float(x)));
  const line = {
    cell,
    pbc1: true,
    pbc2: true,
    pbc3: true,
    labels,
    label_numbers: numbers,
    'array|kpoints': [points.length, 3],
  };
  const kpoints = npy(
    points.flatMap((point) => fractional(point)),
    [points.length, 3],
  );
  const { result: kpath } = callFunction(
    draft,
    'band_path',
    21,
    { structure },
    { node: chain, label: 'path' },
    () => ({
      result: draft.node('data.core.array.kpoints.KpointsData.', line, { files: { 'kpoints.npy': kpoints } }),
    }),
  );
  if (kpath === undefined) throw new Error('No path');
  draft.log(
    chain,
    'REPORT',
    `[${chain.id}|BandStructureWorkChain|setup]: ${points.length} points along L-GAMMA-X-K-GAMMA`,
  );
  const { job } = runScf(draft, place, {
    element,
    a: element.a,
    structure,
    parameters,
    potential,
    energy: element.energy,
    endings: [{ kind: 'converged', energy: element.energy, seconds: secondsOf(draft, element) }],
    caller: { node: chain, label: 'scf' },
  });
  const bands = runJob(
    draft,
    place,
    {
      element,
      cell: cellOf(element, element.a),
      positions: positionsOf(element, element.a),
      cutoff: 40,
      mesh: [8, 8, 8],
      mixing: 0.7,
      mode: 'bands',
    },
    { structure, parameters, potential, kpoints: kpath, parent_folder: job.remote },
    {
      energy: element.energy,
      ending: { kind: 'converged', energy: element.energy, seconds: 388.6 },
      walltime: 3600,
      caller: chain,
      label: 'bands',
    },
  );
  const count = 8;
  const energies = points.flatMap((point) => bandsAt(point).slice(0, count));
  const result = draft.node(
    'data.core.array.bands.BandsData.',
    { ...line, units: 'eV', 'array|bands': [points.length, count] },
    {
      label: 'bands of silicon',
      files: { 'kpoints.npy': kpoints, 'bands.npy': npy(energies, [points.length, count]) },
    },
  );
  draft.link(bands.process, result, 'create', 'output_band');
  draft.log(
    chain,
    'REPORT',
    `[${chain.id}|BandStructureWorkChain|results]: the gap is indirect, ${gap(energies, count).toFixed(2)} eV`,
  );
  finish(
    draft,
    chain,
    { band_structure: result, ...(bands.output === null ? {} : { band_parameters: bands.output }) },
    null,
    '4:results',
  );
  return result;
}

/** Between the fourth band and the fifth. */
function gap(energies: readonly number[], bands: number): number {
  const band = (n: number): readonly number[] => energies.filter((_, i) => i % bands === n);
  return Math.min(...band(4)) - Math.max(...band(3));
}
