import { describe, expect, test } from 'vitest';
import {
  dynamicHome,
  emptyDraft,
  emptyInput,
  type InputDraft,
  type LaunchDraft,
} from '#renderer/features/launch/model/draft.ts';
import { draftOf } from '#renderer/features/launch/model/fill-draft.ts';
import { keep, revive } from '#renderer/features/launch/model/kept-draft.ts';
import { readOptions, writeOptions } from '#renderer/features/launch/model/options-draft.ts';
import { nameField, requestOf } from '#renderer/features/launch/model/request.ts';
import type { LaunchRequest } from '#shared/contract/areas/launch.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import { namespace, port, specOf } from './spec.ts';

const spec = specOf({
  code: port(['code']),
  x: port(['int', 'float']),
  note: port(['str'], { defaultValue: 'as usual' }),
  pw: namespace({ k: port(['int'], { required: false }) }),
  nodes: namespace({}, ['data']),
});
const text = (written: string): InputDraft => ({ ...emptyInput(port(['data'])), text: written });
const named = (draft: LaunchDraft, ...inputs: readonly (readonly [string, InputDraft])[]): LaunchDraft => ({
  ...draft,
  named: inputs.map(([name, input], i) => ({ id: i + 1, prefix: 'nodes__', name, input })),
});
function write(draft: LaunchDraft, label: string, written: string): void {
  const input = draft.inputs[label];
  if (input !== undefined) input.text = written;
}
const options = { draft: emptyDraft(spec).options };

describe('the request of a form', () => {
  test('has what was written, by flat label, and the defaults that stand in the form', () => {
    const draft = emptyDraft(spec);
    write(draft, 'x', '3');
    write(draft, 'pw__k', '4');
    draft.label = '  a run ';
    const { request, problems } = requestOf(spec, draft);
    expect(problems).toEqual({});
    expect(request.inputs).toEqual({
      x: { kind: 'value', type: 'int', value: 3 },
      note: { kind: 'value', type: 'str', value: 'as usual' },
      pw__k: { kind: 'value', type: 'int', value: 4 },
    });
    expect(request.label).toBe('a run');
  });

  test('leaves out what has a problem, and says it at the field', () => {
    const draft = emptyDraft(spec);
    write(draft, 'x', 'three');
    draft.options.walltime = '90';
    draft.options.machines = '1,000';
    draft.options.environment = 'OMP_NUM_THREADS 4';
    const { request, problems } = requestOf(spec, draft);
    expect(request.inputs).not.toHaveProperty('x');
    expect(Object.keys(problems)).toEqual([
      'x',
      'options.resources.num_machines',
      'options.max_wallclock_seconds',
      'options.environment_variables',
    ]);
  });

  test('has the inputs that a person named, each name once', () => {
    const draft = named(
      emptyDraft(spec),
      ['a', text('1')],
      ['a', text('2')],
      ['', text('3')],
      ['no good', text('4')],
      ['empty', text('')],
    );
    const { request, problems } = requestOf(spec, draft);
    expect(request.inputs?.['nodes__a']).toEqual({ kind: 'value', type: 'int', value: 1 });
    expect(problems).toEqual({
      [nameField(2)]: 'There is an input “a” already.',
      [nameField(3)]: 'Give it a name.',
      [nameField(4)]: 'A name has letters, digits and single underscores only, and begins with a letter.',
      nodes__empty: 'Give it a value, or remove it.',
    });
  });

  test('has no options and no computer where nothing is submitted', () => {
    const workflow = specOf({ x: port(['int']) }, { kind: 'workflow' });
    const draft = { ...emptyDraft(workflow), computer: 'c' };
    const { request } = requestOf(workflow, draft);
    expect(request).not.toHaveProperty('options');
    expect(request).not.toHaveProperty('computer');
  });
});

describe('the options of a job', () => {
  test('mean what the contract means by them, and come back as they were typed', () => {
    const draft = {
      ...options.draft,
      machines: '2',
      mpiprocsPerMachine: '36',
      walltime: '6:00:00',
      memory: '4 GB',
      queue: 'normal',
      withMpi: 'yes' as const,
      rerunnable: 'no' as const,
      mpirunExtra: '--bind-to\ncore',
      importEnvironment: false,
      environment: 'A=1\nB=x=y',
      prepend: 'module load qe',
      retrieve: '*.log',
    };
    const read = readOptions(draft, 'options');
    expect(read.problems).toEqual({});
    expect(jobOptions.parse(read.options)).toMatchObject({
      resources: { num_machines: 2, num_mpiprocs_per_machine: 36 },
      max_wallclock_seconds: 21_600,
      max_memory_kb: 4 * 1024 ** 2,
      queue_name: 'normal',
      withmpi: true,
      rerunnable: false,
      mpirun_extra_params: ['--bind-to', 'core'],
      import_sys_environment: false,
      environment_variables: { A: '1', B: 'x=y' },
      prepend_text: 'module load qe',
      additional_retrieve_list: ['*.log'],
    });
    expect(writeOptions(read.options)).toEqual(draft);
  });

  test('are the usual ones in an untouched form', () => {
    expect(jobOptions.parse(readOptions(options.draft, 'options').options)).toEqual(
      jobOptions.parse({ resources: { num_machines: 1 } }),
    );
  });
});

describe('a process that is launched again', () => {
  const uuid = '00000000-0000-4000-8000-000000000001';
  const node = {
    uuid,
    pk: 7,
    kind: 'data',
    nodeType: 'data.core.int.Int.',
    name: 'Int',
    summary: '3',
    state: null,
    ctime: 0,
  } as const;
  const request: LaunchRequest = {
    plugin: spec.id,
    inputs: {
      x: { kind: 'node', uuid },
      nodes__data: { kind: 'node', uuid },
      gone: { kind: 'node', uuid },
    },
    label: 'first',
    description: '',
    options: { resources: { num_machines: 4 }, max_wallclock_seconds: 60 },
  };
  const draft = draftOf(spec, request, new Map([[uuid, node]]));

  test('fills the form with its nodes, names, label and options', () => {
    expect(draft.inputs['x']).toMatchObject({ source: 'node', node: { uuid, summary: '3' } });
    expect(draft.named.map(({ prefix, name }) => [prefix, name])).toEqual([['nodes__', 'data']]);
    expect(draft.label).toBe('first');
    expect(draft.options).toMatchObject({ machines: '4', walltime: '0:01:00' });
  });

  test('finds the namespace that takes a name', () => {
    expect(dynamicHome(spec.inputs, 'nodes__data')).toEqual({ prefix: 'nodes__', name: 'data' });
    expect(dynamicHome(spec.inputs, 'gone')).toBeNull();
    expect(dynamicHome(spec.inputs, 'pw__gone')).toBeNull();
  });
});

describe('a draft that was kept', () => {
  const draft = named(emptyDraft(spec), ['a', text('1')]);
  write(draft, 'x', '3');
  draft.options.queue = 'normal';
  const stored: unknown = JSON.parse(JSON.stringify(keep('/p', draft)));

  test('comes back whole', () => {
    expect(revive(spec, '/p', stored)).toEqual(draft);
  });

  test('stays away from another profile, and is not needed', () => {
    expect(revive(spec, '/other', stored)).toBeNull();
    expect(revive(spec, '/p', null)).toBeNull();
    expect(revive(spec, '/p', { profile: '/p' })).toBeNull();
  });

  test('gives what still fits a plugin that has changed', () => {
    const changed = specOf({ x: port(['str']), z: port(['int']) });
    const kept = revive(changed, '/p', stored);
    expect(kept?.inputs['x']).toMatchObject({ editor: 'str', text: '3' });
    expect(Object.keys(kept?.inputs ?? {})).toEqual(['x', 'z']);
    expect(kept?.named).toEqual([]);
    expect(kept?.options.queue).toBe('normal');
  });

  test('survives any nonsense in its place', () => {
    for (const nonsense of [3, [], 'x', { inputs: 3, named: [1, null], options: { queue: 7 } }]) {
      const kept = revive(spec, '/p', { profile: '/p', draft: nonsense });
      if (kept !== null) expect(kept).toEqual(emptyDraft(spec));
    }
  });
});
