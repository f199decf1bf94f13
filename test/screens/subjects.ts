/** What of an archive is looked at. */
export interface Subject {
  /** The name of its pictures. */
  readonly name: string;
  /** The beginning of the node type. */
  readonly type: string;
  /** Which of the nodes that fit; the first one without it. */
  readonly label?: string;
  readonly which?: number;
  /** Only nodes whose attributes have this text in them. */
  readonly has?: string;
  /** What the address says behind the node. */
  readonly query?: Readonly<Record<string, string>>;
  /** The page of a process instead of the page of a node. */
  readonly process?: boolean;
  /** A file that is opened in the tab of the files. */
  readonly file?: string;
}

export interface Source {
  /** Below the folder of the real archives; null for the one that AiiDA makes here (test/peers/aiida/make_kinds.py). */
  readonly file: string | null;
  readonly subjects: readonly Subject[];
}

const made = (name: string, type: string, label: string, more: Partial<Subject> = {}): Subject => ({
  name,
  type,
  label,
  ...more,
});

/** Real archives of many versions, and what each has that no other one has. */
export const sources: readonly Source[] = [
  {
    file: 'materialscloud-org+optimade-maker/examples__aiida_archive__example.aiida',
    subjects: [
      { name: 'bands-path', type: 'data.core.array.bands.', has: 'GAMMA' },
      { name: 'bands-mesh', type: 'data.core.array.bands.' },
      { name: 'kpoints-path', type: 'data.core.array.kpoints.', has: 'GAMMA' },
      { name: 'kpoints-mesh', type: 'data.core.array.kpoints.', has: '"mesh"' },
      { name: 'trajectory', type: 'data.core.array.trajectory.' },
      { name: 'structure', type: 'data.core.structure.' },
      { name: 'pseudo', type: 'data.pseudo.upf.' },
      { name: 'dict', type: 'data.core.dict.' },
      { name: 'float', type: 'data.core.float.' },
      { name: 'bool', type: 'data.core.bool.' },
      { name: 'int', type: 'data.core.int.' },
      { name: 'remote', type: 'data.core.remote.' },
      { name: 'folder', type: 'data.core.folder.' },
      { name: 'code-installed', type: 'data.core.code.' },
      { name: 'process-job', type: 'process.calculation.calcjob.', process: true },
      { name: 'process-workflow', type: 'process.workflow.workchain.', process: true },
    ],
  },
  {
    file: 'aiidateam+aiida-tutorials/docs__assets__2020_Oxford__example-gaas-wannier.aiida',
    subjects: [
      { name: 'old-bands', type: 'data.core.array.bands.' },
      { name: 'old-list', type: 'data.core.list.' },
      { name: 'old-trajectory', type: 'data.core.array.trajectory.' },
      { name: 'old-upf', type: 'data.core.upf.' },
      { name: 'old-code', type: 'data.core.code.' },
      { name: 'old-folder', type: 'data.core.folder.', which: 1 },
      { name: 'old-process', type: 'process.calculation.calcjob.', process: true },
    ],
  },
  {
    file: 'aiidateam+aiida-export-migration-tests/aiida-export-migration-tests__archives__export_v0.3.aiida',
    subjects: [
      { name: 'oldest-array', type: 'data.core.array.ArrayData.' },
      { name: 'oldest-bands', type: 'data.core.array.bands.' },
      { name: 'oldest-dict', type: 'data.core.dict.' },
      { name: 'oldest-structure', type: 'data.core.structure.' },
      { name: 'oldest-process', type: 'process.calculation.calcjob.', process: true },
    ],
  },
  {
    file: 'aiidateam+aiida-optimade/tests__cli__static__cif_data_nodes.aiida',
    subjects: [
      { name: 'cif', type: 'data.core.cif.' },
      { name: 'cif-second', type: 'data.core.cif.', which: 3 },
    ],
  },
  {
    file: 'aiidateam+acwf-verification-scripts/1-preliminary__acwf-verification_oxides-verification-LDA-v1_structures.aiida',
    subjects: [{ name: 'structure-oxide', type: 'data.core.structure.', which: 99 }],
  },
  {
    file: 'aiidateam+aiida-testing/tests__export_cache__caches__DiffWorkChain-nodes-70cbbe03f7e940d0277a84448c81994e.tar.gz',
    subjects: [
      { name: 'plugin-type', type: 'data.diff.' },
      { name: 'single-file-text', type: 'data.core.singlefile.' },
      { name: 'process-diff', type: 'process.workflow.workchain.', process: true },
    ],
  },
  {
    file: null,
    subjects: [
      made('made-int', 'data.core.int.', 'int beyond doubles'),
      made('made-float', 'data.core.float.', 'float'),
      made('made-str', 'data.core.str.', 'str'),
      made('made-str-lines', 'data.core.str.', 'str of lines'),
      made('made-list', 'data.core.list.', 'list'),
      made('made-dict', 'data.core.dict.', 'dict'),
      made('made-enum', 'data.core.enum.', 'enum'),
      made('made-structure-1', 'data.core.structure.', 'structure of 1 atom'),
      made('made-structure-magnetic', 'data.core.structure.', 'structure with magnetic kinds'),
      made('made-structure-partial', 'data.core.structure.', 'structure with partial occupancies'),
      made('made-structure-molecule', 'data.core.structure.', 'structure of a molecule'),
      made('made-structure-512', 'data.core.structure.', 'structure of 512 atoms'),
      made('made-structure-layer', 'data.core.structure.', 'structure of a layer'),
      made('made-trajectory', 'data.core.array.trajectory.', 'trajectory'),
      made('made-trajectory-free', 'data.core.array.trajectory.', 'trajectory without cells'),
      made('made-kpoints-path', 'data.core.array.kpoints.', 'k-points on a path'),
      made('made-kpoints-mesh', 'data.core.array.kpoints.', 'k-points on a mesh'),
      made('made-kpoints-weights', 'data.core.array.kpoints.', 'k-points with weights, without cell'),
      made('made-bands-spins', 'data.core.array.bands.', 'bands of two spins'),
      made('made-bands', 'data.core.array.bands.', 'bands'),
      made('made-projections', 'data.core.array.projection.', 'projections'),
      made('made-arrays', 'data.core.array.ArrayData.', 'arrays'),
      made('made-xy', 'data.core.array.xy.', 'xy'),
      made('made-xy-point', 'data.core.array.xy.', 'xy with one point'),
      made('made-file-text', 'data.core.singlefile.', 'file of text'),
      made('made-file-log', 'data.core.singlefile.', 'file of a large log'),
      made('made-file-picture', 'data.core.singlefile.', 'file of a picture'),
      made('made-file-json', 'data.core.singlefile.', 'file of JSON'),
      made('made-file-bytes', 'data.core.singlefile.', 'file of bytes'),
      made('made-file-cif', 'data.core.singlefile.', 'file of a CIF'),
      made('made-file-empty', 'data.core.singlefile.', 'file that is empty'),
      made('made-folder', 'data.core.folder.', 'folder'),
      made('made-folder-cif', 'data.core.folder.', 'folder', { file: 'out/halite.cif' }),
      made('made-folder-array', 'data.core.folder.', 'folder', { file: 'out/numbers.npy' }),
      made('made-pseudo', 'data.core.upf.', 'pseudopotential'),
      made('made-cif', 'data.core.cif.', 'cif'),
      made('made-remote', 'data.core.remote.', 'remote folder'),
      made('made-stash', 'data.core.remote.', 'stashed folder'),
      made('made-code-installed', 'data.core.code.', 'installed'),
      made('made-code-portable', 'data.core.code.', 'portable'),
      made('made-code-containerized', 'data.core.code.', 'containerized'),
      made('made-process-failed', 'process.calculation.calcfunction.', 'failed', { process: true }),
    ],
  },
];
