import type { Element, Vector } from './elements.ts';

/** Files of an invented plane-wave program, `pwdemo`. Written for this demo; no program reads or writes them. */
export interface ScfTexts {
  readonly element: Element;
  readonly cell: readonly Vector[];
  readonly positions: readonly Vector[];
  /** Ry. */
  readonly cutoff: number;
  readonly mesh: Vector;
  readonly mixing: number;
  readonly mode: 'scf' | 'bands';
}

const fixed = (value: number, digits = 8): string => value.toFixed(digits).padStart(digits + 6);
const rows = (vectors: readonly Vector[]): string =>
  vectors.map((row) => row.map((x) => fixed(x)).join(' ')).join('\n');

export function inputText({ element, cell, positions, cutoff, mesh, mixing, mode }: ScfTexts): string {
  return `# pwdemo input
task            ${mode}
prefix          ${element.symbol.toLowerCase()}
cutoff_ry       ${cutoff}
kpoints_mesh    ${mesh.join(' ')}
mixing          ${mixing}
threshold_ry    1.0e-09
potential       ${element.symbol}.pot

cell_angstrom
${rows(cell)}

atoms_angstrom
${positions.map((position) => `${element.symbol.padEnd(3)}${rows([position])}`).join('\n')}
`;
}

export const potentialText = ({ symbol, name, mass }: Element): string =>
  `# pwdemo potential of ${name}, for the demo project\nsymbol ${symbol}\nmass ${mass}\nvalence ${symbol === 'Al' ? 3 : symbol === 'Fe' ? 8 : 4}\n`;

export type Ending =
  | { readonly kind: 'converged'; readonly energy: number; readonly seconds: number }
  | { readonly kind: 'walltime'; readonly seconds: number }
  | { readonly kind: 'not-converged'; readonly seconds: number };

/** The energies of the iterations, eV, and how far each is from the last one. */
function iterations(
  energy: number,
  count: number,
  stuck: boolean,
): readonly (readonly [energy: number, accuracy: number])[] {
  return Array.from({ length: count }, (_, i) => {
    const accuracy = stuck ? 0.04 * (1 + 0.6 * Math.sin(i * 1.7)) : 4.2 * 0.28 ** i;
    return [energy + accuracy * (stuck ? Math.cos(i * 2.3) : 0.9), accuracy];
  });
}

export function outputText(texts: ScfTexts, energy: number, ending: Ending, processors: number): string {
  const count = ending.kind === 'converged' ? 15 : ending.kind === 'walltime' ? 6 : 40;
  const lines = iterations(energy, count, ending.kind === 'not-converged').map(
    ([value, accuracy], i) =>
      `iteration ${String(i + 1).padStart(3)}   energy ${value.toFixed(8)} eV   accuracy ${accuracy.toExponential(2)}`,
  );
  const end = {
    converged: `\nconverged in ${count} iterations\ntotal energy ${energy.toFixed(8)} eV\npwdemo has ended after ${ending.seconds.toFixed(1)} s\n`,
    walltime: '',
    'not-converged': `\nnot converged in ${count} iterations: the density still changes\npwdemo has ended after ${ending.seconds.toFixed(1)} s\n`,
  }[ending.kind];
  return `pwdemo 1.2, ${processors} processes
demo data: these numbers come from formulas, not from a simulation

${texts.element.name}: ${texts.positions.length} atoms in the cell, cutoff ${texts.cutoff} Ry, k-points ${texts.mesh.join(' x ')}
${lines.join('\n')}
${end}`;
}

interface ScriptOptions {
  readonly walltime: string;
  readonly tasks: number;
  readonly slurm: boolean;
}

const directives = (name: string, { walltime, tasks }: ScriptOptions): string => `#SBATCH --no-requeue
#SBATCH --job-name="${name}"
#SBATCH --output=_scheduler-stdout.txt
#SBATCH --error=_scheduler-stderr.txt
#SBATCH --partition=batch
#SBATCH --account=demo
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=${tasks}
#SBATCH --time=${walltime}

module load pwdemo/1.2
`;

const redirections = `exec > _scheduler-stdout.txt
exec 2> _scheduler-stderr.txt
`;

export const scriptText = (name: string, options: ScriptOptions): string => `#!/bin/bash
${options.slurm ? directives(name, options) : redirections}
'mpirun' '-np' '${options.tasks}' '/opt/pwdemo/1.2/bin/pwdemo' '-in' 'pwdemo.in'  > 'pwdemo.out'
`;

/** The functions of this study, as a person would have them in a notebook. */
export const functionsText = `from aiida import orm
from aiida.engine import calcfunction


@calcfunction
def scale_structure(structure, scale):
    """Return the structure with its volume scaled."""
    ase = structure.get_ase()
    ase.set_cell(ase.cell * float(scale) ** (1 / 3), scale_atoms=True)
    return orm.StructureData(ase=ase)


@calcfunction
def fit_equation_of_state(**points):
    """Fit a Birch-Murnaghan equation of state to the energies of all points."""
    from study.eos import birch_murnaghan_fit

    return birch_murnaghan_fit([point.get_dict() for point in points.values()])


@calcfunction
def band_path(structure):
    """Return the points along L-Gamma-X-K-Gamma for a face-centred lattice."""
    from study.paths import fcc_path

    return fcc_path(structure)
`;
