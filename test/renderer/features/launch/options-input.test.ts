import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shellRestart } from '#main/plugins/builtin/shell-restart.ts';
import { emptyDraft, type LaunchDraft } from '#renderer/features/launch/model/draft.ts';
import { draftOf } from '#renderer/features/launch/model/fill-draft.ts';
import { keep, revive } from '#renderer/features/launch/model/kept-draft.ts';
import { emptyOptions, type OptionsDraft } from '#renderer/features/launch/model/options-draft.ts';
import { optionsFromText, optionsFromValue } from '#renderer/features/launch/model/options-input.ts';
import { requestOf } from '#renderer/features/launch/model/request.ts';
import { problemTitle } from '#renderer/features/launch/preview/problem-title.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import { namespace, port, specOf } from './spec.ts';

const { spec } = shellRestart;

function written(options: Partial<OptionsDraft>, label = 'options', of = spec): LaunchDraft {
  const draft = emptyDraft(of);
  const input = draft.inputs[label];
  if (input?.options === undefined) throw new Error(`${label} has no fields`);
  Object.assign(input.options, options);
  return draft;
}

describe('job options that are an input', () => {
  test('are nothing where all is as usual', () => {
    expect(requestOf(spec, emptyDraft(spec)).request.inputs).not.toHaveProperty('options');
    expect(requestOf(spec, written({ machines: '' })).request.inputs).not.toHaveProperty('options');
  });

  test('are a dictionary of what differs, with units read', () => {
    const { request, problems } = requestOf(
      spec,
      written({ machines: '2', walltime: '1 d 6 h', memory: '4 GB', queue: ' long ', environment: 'A=1' }),
    );
    expect(problems).toEqual({});
    const given = request.inputs?.['options'];
    expect(given?.kind === 'json' ? JSON.parse(given.text) : given).toEqual({
      resources: { num_machines: 2 },
      max_wallclock_seconds: 108_000,
      max_memory_kb: 4 * 1024 ** 2,
      queue_name: 'long',
      environment_variables: { A: '1' },
    });
    expect(request).not.toHaveProperty('options');
  });

  test('say what is wrong at each field, under the label of the input', () => {
    const inner = specOf(
      { scf: namespace({ options: port(['dict'], { required: false, holds: 'job-options' }) }) },
      { kind: 'workflow' },
    );
    const draft = written({ walltime: '90', memory: 'much' }, 'scf__options', inner);
    const { problems } = requestOf(inner, draft);
    expect(Object.keys(problems)).toEqual([
      'scf__options.max_wallclock_seconds',
      'scf__options.max_memory_kb',
    ]);
    expect(Object.keys(problems).map((field) => problemTitle(draft, field))).toEqual([
      'Walltime of scf.options',
      'Memory per machine of scf.options',
    ]);
    expect(problemTitle(written({}), 'options.mpirun_extra_params.0')).toBe('Extra words for mpirun');
    expect(problemTitle(draft, 'scf__options')).toBe('scf.options');
  });

  test('are empty rather than missing where something else would take their place', () => {
    const byDefault = { max_wallclock_seconds: 3600 };
    const asking = specOf({
      needed: port(['dict'], { holds: 'job-options' }),
      usual: port(['dict'], { required: false, holds: 'job-options', defaultValue: byDefault }),
    });
    const draft = emptyDraft(asking);
    expect(draft.inputs['usual']?.options?.walltime).toBe('1:00:00');
    expect(requestOf(asking, draft).request.inputs).toEqual({
      needed: { kind: 'json', text: '{}' },
      usual: { kind: 'json', text: JSON.stringify(byDefault) },
    });
    expect(requestOf(asking, written({ walltime: '' }, 'usual', asking)).request.inputs?.['usual']).toEqual({
      kind: 'json',
      text: '{}',
    });
  });

  test('come from a stored node instead', () => {
    const uuid = '00000000-0000-4000-8000-000000000001';
    const draft = written({ walltime: 'nonsense' });
    const input = draft.inputs['options'];
    Object.assign(input ?? {}, {
      source: 'node',
      node: { uuid, pk: 1, nodeType: 'data.core.dict.Dict.', name: '', summary: '' },
    });
    const { request, problems } = requestOf(spec, draft);
    expect(problems).not.toHaveProperty('options.max_wallclock_seconds');
    expect(request.inputs?.['options']).toEqual({ kind: 'node', uuid });
  });

  test('come back from a launch, and from what was kept', () => {
    const draft = written({
      machines: '3',
      walltime: '6:00:00',
      retrieve: '*.log',
      importEnvironment: false,
    });
    const { request } = requestOf(spec, draft);
    const again = draftOf(
      spec,
      { plugin: spec.id, label: '', description: '', inputs: request.inputs ?? {} },
      new Map(),
    );
    expect(again.inputs['options']?.options).toEqual(draft.inputs['options']?.options);
    const kept: unknown = JSON.parse(JSON.stringify(keep('/p', draft)));
    expect(revive(spec, '/p', kept)).toEqual(draft);
  });

  test('are read from a dictionary as far as it holds any', () => {
    expect(optionsFromText('{"max_wallclock_seconds": 60.0, "queue_name": 7, "more": {"a": 1}}')).toEqual({
      ...emptyOptions(),
      walltime: '0:01:00',
    });
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(jobOptions.shape)), (value, name) => {
        expect(Object.keys(optionsFromValue({ [name]: value }))).toEqual(Object.keys(emptyOptions()));
        expect(Object.keys(optionsFromValue(value))).toEqual(Object.keys(emptyOptions()));
      }),
    );
  });
});
