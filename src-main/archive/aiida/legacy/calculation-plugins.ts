/**
 * Names under which calculations were known in the registry of AiiDA's plugins in December 2018, when version 0.4 took
 * the place of class names. Source: aiida-core 1.6, `manage/database/integrity/plugins.py`.
 */
const registered: ReadonlySet<string> = new Set(
  `arithmetic.add templatereplacer ase.ase castep.bs castep.castep castep.pot1d castep.spec castep.ts
  codtools.cifcellcontents codtools.cifcodcheck codtools.cifcoddeposit codtools.cifcodnumbers codtools.ciffilter
  codtools.cifsplitprimitive cp2k crystal17.basic crystal17.immigrant crystal17.main ddec diff dynaphopy gollum.gollum
  gudhi.rdm kkr.kkr kkr.kkrimp kkr.kkrimporter kkr.voro lammps.combinate lammps.force lammps.md lammps.optimize
  nwchem.basic nwchem.pymatgen phonopy.phono3py phonopy.phonopy phtools.dmatrix phtools.surface qeq.eqeq qeq.qeq
  quantumespresso.cp quantumespresso.dos quantumespresso.hp quantumespresso.matdyn quantumespresso.namelists
  quantumespresso.neb quantumespresso.ph quantumespresso.pp quantumespresso.projwfc quantumespresso.pw
  quantumespresso.pw2wannier90 quantumespresso.pwimmigrant quantumespresso.q2r raspa siesta.siesta siesta.stm vasp.vasp
  vasp.vasp2w90 wannier90.wannier90 yambo.yambo zeopp.network`.split(/\s+/),
);

/**
 * The process type of a calculation that was known by its class alone: `calculation.job.quantumespresso.pw.PwCalculation.`
 * is `aiida.calculations:quantumespresso.pw`. A plugin that was not registered keeps module and class; a calculation
 * without a plugin has the empty type.
 */
export function processTypeOf(oldType: string): string {
  const parts = oldType
    .slice('calculation.job.'.length)
    .split('.')
    .filter((part) => part !== '');
  const className = parts.pop() ?? '';
  const plugin = parts.join('.');
  if (registered.has(plugin)) return `aiida.calculations:${plugin}`;
  return plugin === '' ? '' : `${plugin}.${className}`;
}
