/** Canned files and messages, made up after what the programs write. */
const encoder = new TextEncoder();
export const bytes = (text: string): Uint8Array => encoder.encode(text);

export const canary = '<img src=x onerror="window.__canary=1"><script>window.__canary=1</script>';

export const submitScript = `#!/bin/bash
#SBATCH --no-requeue
#SBATCH --job-name="aiida-4711"
#SBATCH --get-user-env
#SBATCH --output=_scheduler-stdout.txt
#SBATCH --error=_scheduler-stderr.txt
#SBATCH --partition=normal
#SBATCH --account=s1234
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=36
#SBATCH --time=06:00:00

module load quantum-espresso/7.3

'srun' '-n' '72' '/opt/qe/bin/pw.x' '-nk' '4' '-in' 'aiida.in'  > 'aiida.out'
`;

export const pwInput = `&CONTROL
  calculation = 'scf'
  outdir = './out/'
  prefix = 'aiida'
  pseudo_dir = './pseudo/'
  restart_mode = 'from_scratch'
  verbosity = 'high'
/
&SYSTEM
  degauss =   1.0000000000d-02
  ecutrho =   2.4000000000d+02
  ecutwfc =   3.0000000000d+01
  ibrav = 0
  nat = 2
  ntyp = 1
  occupations = 'smearing'
  smearing = 'cold'
/
&ELECTRONS
  conv_thr =   4.0000000000d-10
/
ATOMIC_SPECIES
Si     28.085 Si.pbe-n-rrkjus_psl.1.0.0.UPF
ATOMIC_POSITIONS angstrom
Si           0.0000000000       0.0000000000       0.0000000000
Si           1.3575000000       1.3575000000       1.3575000000
K_POINTS automatic
8 8 8 0 0 0
CELL_PARAMETERS angstrom
      2.7150000000       2.7150000000       0.0000000000
      2.7150000000       0.0000000000       2.7150000000
      0.0000000000       2.7150000000       2.7150000000
`;

export function pwOutput(steps: number): string {
  const lines = [
    '',
    '     Program PWSCF v.7.3 starts on 22Nov2026 at  9:14:02',
    '',
    '     This program is part of the open-source Quantum ESPRESSO suite',
    '     for quantum simulation of materials; please cite',
    '         "P. Giannozzi et al., J. Phys.:Condens. Matter 21 395502 (2009);',
    '',
    '     Parallel version (MPI), running on    72 processors',
    '',
  ];
  for (let i = 1; i <= steps; i++) {
    const energy = (-22.64 - 0.2 * (1 - Math.exp(-i / 4))).toFixed(8);
    lines.push(
      `     iteration #${String(i).padStart(3)}     ecut=    30.00 Ry     beta= 0.40`,
      '     Davidson diagonalization with overlap',
      `     ethr =  ${(1e-2 / i ** 3).toExponential(2)},  avg # of iterations =  ${(2 + (i % 3) / 2).toFixed(1)}`,
      '',
      `     total cpu time spent up to now is   ${(i * 4.7).toFixed(1).padStart(8)} secs`,
      '',
      `     total energy              =     ${energy} Ry`,
      `     estimated scf accuracy    <       ${(0.5 / i ** 4).toFixed(8)} Ry`,
      '',
    );
  }
  lines.push('     convergence has been achieved', '', '   JOB DONE.', '');
  return lines.join('\n');
}

export const walltimeLines = [
  'slurmstepd: error: *** JOB 5512091 ON nid001842 CANCELLED AT 2026-11-22T15:14:09 DUE TO TIME LIMIT ***',
  '     iteration # 41     ecut=    60.00 Ry     beta= 0.40',
  '     estimated scf accuracy    <       0.00018873 Ry',
];

export const traceback = `TypeError: Cannot read properties of undefined (reading 'energy')
    at collectEnergies (plugin:equation-of-state/collect.ts:41:27)
    at run (plugin:equation-of-state/workflow.ts:88:18)
    at async runStep (workflow-runtime.ts:203:9)`;
