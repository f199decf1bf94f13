import { errorInfo } from '#shared/base/errors.ts';
import type { InputValue } from '#shared/contract/areas/launch.ts';
import { valueProblem } from '#shared/process/check-value.ts';
import type { Port } from '#shared/process/ports.ts';
import { readPyJson } from '#shared/provenance/python-json.ts';
import { numberProblem, readNumber } from '#renderer/design/number.ts';
import type { InputDraft } from './draft.ts';

/** What a field holds: nothing, a value, or a text that is none. */
export type Reading =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'value'; readonly value: InputValue }
  | { readonly kind: 'problem'; readonly message: string };

const nothing: Reading = { kind: 'nothing' };
const problem = (message: string): Reading => ({ kind: 'problem', message });

/** What an input will be when it is launched, or what is wrong with it as far as the form can tell. */
export function readInput(port: Port, draft: InputDraft): Reading {
  if (draft.source === 'node') {
    if (draft.node === null) return nothing;
    return { kind: 'value', value: { kind: 'node', uuid: draft.node.uuid } };
  }
  switch (draft.editor) {
    case null:
      return nothing;
    case 'number':
    case 'int':
    case 'float':
      return readNumeric(port, draft.editor, draft.text);
    case 'bool':
      return draft.text === '' ? nothing : plain(port, 'bool', draft.text === 'true');
    case 'str': {
      // An emptied field means: as if nothing was written. An empty text can only be what a default says.
      const { text } = draft;
      return text === '' && port.defaultValue === undefined ? nothing : plain(port, 'str', text);
    }
    case 'list':
      return readList(port, draft.text);
    case 'dict':
      return draft.text.trim() === '' ? emptyOf(port, '{}') : readJson(port, draft.text);
    case 'file':
    case 'folder':
      if (draft.files.length === 0) return nothing;
      return {
        kind: 'value',
        value: { kind: 'chosen', as: draft.editor, files: draft.files.map(({ handle }) => handle) },
      };
  }
}

function plain(
  port: Port,
  type: 'int' | 'float' | 'bool' | 'str',
  value: number | boolean | string,
): Reading {
  const message = valueProblem(port, value);
  return message === null ? { kind: 'value', value: { kind: 'value', type, value } } : problem(message);
}

function readNumeric(port: Port, editor: 'number' | 'int' | 'float', text: string): Reading {
  const number = readNumber(text);
  if (number === null) return nothing;
  if (!Number.isFinite(number))
    return problem(numberProblem(text, editor === 'int' ? 'Must be an integer.' : 'Must be a number.'));
  // A decimal point makes a Float, even of 2.0: the two are different nodes.
  const isWhole = Number.isSafeInteger(number) && !/[.,e]/i.test(text);
  if (editor === 'int' && !Number.isSafeInteger(number)) return problem('Must be an integer.');
  return plain(port, editor === 'int' || (editor === 'number' && isWhole) ? 'int' : 'float', number);
}

/** An emptied field of a port with a default: an empty list or dictionary, which the default may not be. */
const emptyOf = (port: Port, text: string): Reading =>
  port.defaultValue === undefined ? nothing : readJson(port, text);

/** A JSON list, or one item a line: numbers and true or false as such, everything else as text. */
function readList(port: Port, text: string): Reading {
  const trimmed = text.trim();
  if (trimmed === '') return emptyOf(port, '[]');
  if (trimmed.startsWith('[')) return readJson(port, trimmed);
  return readJson(port, linesAsJson(trimmed));
}

const item = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|".*")$/;

/** One item a line. What is no number, boolean or quoted text is a text as it stands; empty lines count for nothing. */
export function linesAsJson(text: string): string {
  const items = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (item.test(line) ? line : JSON.stringify(line)));
  return `[${items.join(', ')}]`;
}

function readJson(port: Port, text: string): Reading {
  try {
    const message = valueProblem(port, readPyJson(text));
    return message === null ? { kind: 'value', value: { kind: 'json', text } } : problem(message);
  } catch (thrown) {
    return problem(errorInfo(thrown).message);
  }
}
