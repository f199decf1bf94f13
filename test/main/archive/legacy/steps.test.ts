import { describe, expect, test } from 'vitest';
import { ObjectText } from '#main/archive/aiida/legacy/object-text.ts';
import type { LegacyNode } from '#main/archive/aiida/legacy/step.ts';
import { Migration } from '#main/archive/aiida/legacy/steps/all-steps.ts';

const noFiles = { textArray: () => null };

const node = (type: string, attributes: string, dates: string | null = null): LegacyNode => ({
  row: ObjectText.of(`{"type": "${type}", "uuid": "u"}`),
  attributes: ObjectText.of(attributes),
  extras: ObjectText.empty,
  attributeDates: dates === null ? null : ObjectText.of(dates),
  extraDates: null,
});

describe('a node of an old archive', () => {
  test('keeps the text of every value that no step names: integers, floats, NaN', () => {
    const text =
      '{"a": 1.0, "b": 1, "c": 123456789012345678901234567890, "d": 1e-07, "e": NaN, "f": "\\u00e9"}';
    const { attributes } = new Migration('0.3').node(node('data.parameter.ParameterData.', text), noFiles);
    expect(attributes.toString()).toBe(text);
    const calculation = node(
      'calculation.job.JobCalculation.',
      `{"jobresource_params": {"n": 1.0}, ${text.slice(1)}`,
    );
    expect(new Migration('0.3').node(calculation, noFiles).attributes.toString()).toBe(
      `${text.slice(0, -1)}, "resources": {"n": 1.0}, "sealed": true}`,
    );
  });

  test('says that its times are UTC, also deep inside, and what its state was', () => {
    const type = 'calculation.job.quantumespresso.pw.PwCalculation.';
    const old = node(
      type,
      '{"state": "FAILED", "at": "2016-01-01T00:00:00.000000", "deep": [{"x": 1.0, "t": "2017-01-01T00:00:00.000000"}]}',
      '{"state": null, "at": "date", "deep": [{"x": null, "t": "date"}]}',
    );
    const { row, attributes } = new Migration('0.1').node(old, noFiles);
    expect(row.string('node_type')).toBe('process.calculation.calcjob.CalcJobNode.');
    expect(row.string('process_type')).toBe('aiida.calculations:quantumespresso.pw');
    expect(attributes.toString()).toBe(
      '{"at": "2016-01-01T00:00:00.000000+00:00", "deep": [{"x": 1.0, "t": "2017-01-01T00:00:00.000000+00:00"}], ' +
        '"exit_status": 2, "process_state": "finished", "process_label": "Legacy JobCalculation", "sealed": true}',
    );
  });
});

describe('a link of an old archive', () => {
  const link = { input: 'a', output: 'b', label: '_return', type: null };

  test('gets its type from what it links, and loses the old label', () => {
    const migration = new Migration('0.1');
    expect(migration.link(link, 'workflow', 'calculation')).toEqual({
      ...link,
      label: 'result',
      type: 'call_calc',
    });
    expect(migration.link(link, 'data', 'workflow')?.type).toBe('input_work');
    expect(migration.link(link, 'calculation', 'data')?.type).toBe('create');
  });

  test('is left out where the new rules forbid it', () => {
    expect(new Migration('0.3').link({ ...link, type: 'createlink' }, 'workflow', 'data')).toBeNull();
    expect(new Migration('0.3').link({ ...link, type: 'returnlink' }, 'calculation', 'data')).toBeNull();
  });
});
