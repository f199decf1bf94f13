import type { Step } from '../step.ts';

/**
 * What comes with AiiDA is called `core.…`. (Parsers in the attributes of calculations keep their old names: AiiDA means
 * to rename them and looks in the wrong place. Archives of 0.12 that AiiDA 1.6 wrote have the names of before: AiiDA takes them as they
 * are, and so do we; viewers and filters know both.)
 */
export const v11ToV12: Step = {
  from: '0.11',
  node: (node) => ({
    ...node,
    row: node.row.mapped('node_type', dataTypes).mapped('process_type', processTypes),
  }),
  computer: (row) => row.mapped('scheduler_type', schedulers),
};

const dataTypes: Readonly<Record<string, string>> = Object.fromEntries(
  `array.ArrayData array.bands.BandsData array.kpoints.KpointsData array.projection.ProjectionData
  array.trajectory.TrajectoryData array.xy.XyData base.BaseData bool.Bool cif.CifData code.Code dict.Dict float.Float
  folder.FolderData int.Int list.List numeric.NumericData orbital.OrbitalData remote.RemoteData
  remote.stash.RemoteStashData remote.stash.folder.RemoteStashFolderData singlefile.SinglefileData str.Str
  structure.StructureData upf.UpfData`
    .split(/\s+/)
    .map((name) => [`data.${name}.`, `data.core.${name}.`]),
);

const withCore = (prefix: string, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [`${prefix}${name}`, `${prefix}core.${name}`]));

const processTypes = {
  ...withCore('aiida.calculations:', ['arithmetic.add', 'templatereplacer']),
  ...withCore('aiida.workflows:', ['arithmetic.add_multiply', 'arithmetic.multiply_add']),
};

const schedulers = withCore('', ['direct', 'lsf', 'pbspro', 'sge', 'slurm', 'torque']);
