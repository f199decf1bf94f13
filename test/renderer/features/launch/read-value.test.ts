import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyInput, type InputDraft } from '#renderer/features/launch/model/draft.ts';
import { linesAsJson, readInput, type Reading } from '#renderer/features/launch/model/read-value.ts';
import { editorsOf, typeWords } from '#renderer/features/launch/model/editors.ts';
import type { Port } from '#shared/process/ports.ts';
import { readPyJson, toPlain, writePyJson } from '#shared/provenance/python-json.ts';
import { port } from './spec.ts';

const typed = (of: Port, text: string, more: Partial<InputDraft> = {}): Reading =>
  readInput(of, { ...emptyInput(of), text, ...more });
const value = (type: string, given: unknown) => ({
  kind: 'value',
  value: { kind: 'value', type, value: given },
});
const problem = (message: string) => ({ kind: 'problem', message });

const number = port(['int', 'float']);

describe('a number', () => {
  test('is an Int or a Float by how it is written', () => {
    expect(typed(number, '2')).toEqual(value('int', 2));
    expect(typed(number, '2.0')).toEqual(value('float', 2));
    expect(typed(number, '2e3')).toEqual(value('float', 2000));
    expect(typed(number, ' 1 000 ')).toEqual(value('int', 1000));
    expect(typed(number, '-7')).toEqual(value('int', -7));
    expect(typed(port(['float']), '2')).toEqual(value('float', 2));
    expect(typed(port(['int']), '2.0')).toEqual(value('int', 2));
  });

  test('is refused in words where it is none, out of range, or not whole', () => {
    expect(typed(number, 'four')).toEqual(problem('Must be a number.'));
    expect(typed(number, '1e999')).toEqual(problem('Must be a number.'));
    expect(typed(port(['int']), '1.5')).toEqual(problem('Must be an integer.'));
    expect(typed(port(['int']), '99999999999999999999')).toEqual(problem('Must be an integer.'));
    const limited = port(['float'], { limits: { minimum: 10, maximum: 400 }, unit: 'Ry' });
    expect(typed(limited, '9')).toEqual(problem('Must be at least 10 Ry.'));
    expect(typed(limited, '401')).toEqual(problem('Must be at most 400 Ry.'));
  });

  test('is nothing while nothing is written', () => {
    expect(typed(number, '  ')).toEqual({ kind: 'nothing' });
  });
});

describe('a text', () => {
  test('is nothing when empty, unless a default may be overwritten by it', () => {
    expect(typed(port(['str']), '')).toEqual({ kind: 'nothing' });
    expect(typed(port(['str'], { defaultValue: 'cold' }), '')).toEqual(value('str', ''));
  });

  test('keeps blanks, and must match its pattern', () => {
    expect(typed(port(['str']), ' a ')).toEqual(value('str', ' a '));
    const lower = port(['str'], { limits: { pattern: { source: '[a-z]+', words: 'lower-case letters' } } });
    expect(typed(lower, 'A')).toEqual(problem('Must be lower-case letters.'));
  });
});

describe('a list', () => {
  test('is JSON, or one item a line', () => {
    const list = port(['list']);
    const json = (text: string) => ({ kind: 'value', value: { kind: 'json', text } });
    expect(typed(list, '[1, 2.0]')).toEqual(json('[1, 2.0]'));
    expect(typed(list, 'result.txt\n\n *.dat \n12\n1.50\ntrue\n007\n"7"')).toEqual(
      json('["result.txt", "*.dat", 12, 1.50, true, "007", "7"]'),
    );
    expect(typed(list, '[1, ')).toMatchObject({ kind: 'problem' });
    expect(typed(list, '')).toEqual({ kind: 'nothing' });
    expect(typed(port(['list'], { defaultValue: [1] }), '')).toEqual(json('[]'));
  });

  test('reads any lines as valid JSON with one item each', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        const text = lines.map((line) => line.replaceAll(/[\r\n]/g, ' ')).join('\n');
        const shown = text.split('\n').filter((line) => line.trim() !== '');
        let parsed: unknown;
        try {
          parsed = JSON.parse(linesAsJson(text));
        } catch {
          // A line in quotes is taken as JSON, and may be none: the form then says where.
          expect(shown.some((line) => /^".*"$/.test(line.trim()))).toBe(true);
          return;
        }
        expect(parsed).toHaveLength(shown.length);
      }),
    );
  });
});

describe('a dictionary', () => {
  test('goes as it was typed, so that 30.0 stays a float', () => {
    const dict = port(['dict']);
    const text = '{"ecutwfc": 30.0}';
    expect(typed(dict, text)).toEqual({ kind: 'value', value: { kind: 'json', text } });
    expect(writePyJson(readPyJson(text))).toBe(text);
    expect(toPlain(readPyJson(text))).toEqual({ ecutwfc: 30 });
  });

  test('says where it is wrong', () => {
    expect(typed(port(['dict']), '{"a": }')).toEqual(
      problem('Not valid JSON: a value expected at character 6.'),
    );
    expect(typed(port(['dict']), '[1]')).toEqual(problem('Must be a dictionary.'));
  });
});

describe('other inputs', () => {
  test('are nodes that were picked, or files that were chosen', () => {
    const node = { uuid: 'u', pk: 1, nodeType: 'data.core.int.Int.', name: 'Int', summary: '3' };
    expect(typed(number, '5', { source: 'node', node })).toEqual({
      kind: 'value',
      value: { kind: 'node', uuid: 'u' },
    });
    expect(typed(number, '5', { source: 'node' })).toEqual({ kind: 'nothing' });
    const file = { handle: 'h', name: 'a.txt', size: 3 };
    expect(typed(port(['file']), '', { files: [file] })).toEqual({
      kind: 'value',
      value: { kind: 'chosen', as: 'file', files: ['h'] },
    });
    expect(typed(port(['bool']), 'false')).toEqual(value('bool', false));
    expect(typed(port(['bool']), '')).toEqual({ kind: 'nothing' });
  });

  test('are written in the ways that their port takes', () => {
    expect(editorsOf(port(['structure']))).toEqual([]);
    expect(editorsOf(port(['code']))).toEqual([]);
    expect(editorsOf(number)).toEqual(['number']);
    expect(editorsOf(port(['int']))).toEqual(['int']);
    expect(editorsOf(port(['file', 'folder']))).toEqual(['file', 'folder']);
    expect(editorsOf(port(['data']))).toContain('dict');
    expect(typeWords(['int', 'float'])).toBe('number');
    expect(typeWords(['remote', 'folder'])).toBe('remote folder or folder');
  });
});
