import type { LegacyVersion } from '#main/archive/aiida/container/versions.ts';
import type { Container, Source } from '../draft.ts';
import { folderOf, npy, uuidOf } from './example.ts';

const django = 'aiida.backends.djsite.db.models.Db';

/** What a type was called: before 0.4, then with `node_type`, then with `core.` (0.13). */
const typeNames: Readonly<Record<string, readonly [string, string, string]>> = {
  dict: ['data.parameter.ParameterData.', 'data.dict.Dict.', 'data.core.dict.Dict.'],
  code: ['code.Code.', 'data.code.Code.', 'data.core.code.Code.'],
  job: [
    'calculation.job.simpleplugins.arithmetic.add.ArithmeticAddCalculation.',
    'process.calculation.calcjob.CalcJobNode.',
    'process.calculation.calcjob.CalcJobNode.',
  ],
  array: ['data.array.ArrayData.', 'data.array.ArrayData.', 'data.core.array.ArrayData.'],
  folder: ['data.folder.FolderData.', 'data.folder.FolderData.', 'data.core.folder.FolderData.'],
};

const time = '2018-06-18T15:31:10.779370';

/**
 * An archive of before AiiDA 2.0 with some of everything: `data.json`, and files below `nodes/`. The members and names
 * are those of the version as far as reading takes them; nothing of AiiDA is asked.
 */
export function oldSource(version: LegacyVersion, container: Container): Source {
  const minor = Number(version.slice(2));
  const typeOf = (kind: string): string => typeNames[kind]?.[minor < 4 ? 0 : minor < 13 ? 1 : 2] ?? '';
  const files: { name: string; data: Buffer }[] = [];
  const file = (uuid: string, path: string, data: string | Buffer): void =>
    void files.push({ name: `${folderOf(uuid)}/${path}`, data: Buffer.from(data) });
  const nodes: Record<string, unknown> = {};
  const attributes: Record<string, unknown> = {};
  const extras: Record<string, unknown> = {};
  let ids = 0;
  const node = (kind: string, values: object): string => {
    const key = String(++ids);
    const uuid = uuidOf(ids);
    nodes[key] = {
      uuid,
      label: `n${ids}`,
      description: '',
      user: 1,
      dbcomputer: kind === 'job' || kind === 'code' ? 1 : null,
      ctime: time,
      mtime: time,
      ...(minor < 9 && { nodeversion: 1, public: false }),
      ...(minor < 4
        ? { type: typeOf(kind) }
        : { node_type: typeOf(kind), process_type: kind === 'job' ? 'aiida.calculations:example' : '' }),
    };
    attributes[key] = values;
    extras[key] = { tag: 'x' };
    return uuid;
  };
  const link = (input: string, output: string, label: string, type: readonly [string, string]): object => ({
    input,
    output,
    label,
    ...(minor > 2 && { type: type[minor < 4 ? 0 : 1] }),
  });
  const parameters = node('dict', { cutoff: 30.5, deep: { list: [1, 2, null] } });
  const code = node('code', { is_local: false, remote_exec_path: '/bin/x', input_plugin: 'a' });
  const job = node('job', minor < 4 ? { state: 'FINISHED', jobresource_params: { num_machines: 1 } } : ended);
  const array = node('array', { 'array|forces': [2, 3] });
  const folder = node('folder', {});
  file(job, 'raw_input/_aiidasubmit.sh', 'run');
  file(array, 'path/forces.npy', npy());
  file(folder, 'path/out/log.txt', 'line\n'.repeat(20));
  const name = (entity: string): string => (minor < 3 ? `${django}${entity}` : entity);
  const label = minor < 4 ? 'name' : 'label';
  const data = {
    node_attributes: attributes,
    ...(minor < 5 && {
      node_attributes_conversion: Object.fromEntries(Object.keys(nodes).map((key) => [key, {}])),
    }),
    ...(minor > 3 && { node_extras: extras }),
    links_uuid: [
      link(parameters, job, 'parameters', ['inputlink', 'input_calc']),
      link(code, job, 'code', ['inputlink', 'input_calc']),
      link(job, array, 'forces', ['createlink', 'create']),
      link(job, folder, 'retrieved', ['createlink', 'create']),
    ],
    groups_uuid: { [uuidOf(900_001)]: [parameters, job] },
    export_data: {
      [name('User')]: { 1: { email: 'ada@example.org', first_name: 'Ada', last_name: 'E', institution: '' } },
      [name('Computer')]: {
        1: {
          uuid: uuidOf(900_000),
          name: 'cluster',
          hostname: 'host.example.org',
          description: '',
          scheduler_type: minor < 13 ? 'slurm' : 'core.slurm',
          transport_type: minor < 13 ? 'ssh' : 'core.ssh',
          metadata: minor < 4 ? '{"workdir": "/scratch"}' : { workdir: '/scratch' },
          ...(minor < 4 && { transport_params: '{}', enabled: true }),
        },
      },
      [name('Node')]: nodes,
      [name('Group')]: {
        1: {
          uuid: uuidOf(900_001),
          [label]: 'all',
          [minor < 4 ? 'type' : 'type_string']: minor < 9 ? 'user' : 'core',
          description: '',
          time,
          user: 1,
          ...(minor > 8 && { extras: {} }),
        },
      },
      ...(minor > 3 && {
        Comment: {
          1: { uuid: uuidOf(900_002), dbnode: 1, user: 1, ctime: time, mtime: time, content: 'a comment' },
        },
        Log: {
          1: {
            uuid: uuidOf(900_003),
            dbnode: 3,
            time,
            loggername: 'aiida',
            levelname: 'REPORT',
            message: 'a line',
            metadata: {},
          },
        },
      }),
    },
  };
  return {
    name: `made here, ${version}, ${container}`,
    version,
    container,
    entries: [
      {
        name: 'metadata.json',
        data: Buffer.from(JSON.stringify({ export_version: version, aiida_version: '1.0' })),
      },
      { name: 'data.json', data: Buffer.from(JSON.stringify(data)) },
      ...files,
    ],
  };
}

const ended = { sealed: true, process_state: 'finished', exit_status: 0, process_label: 'Example' };
