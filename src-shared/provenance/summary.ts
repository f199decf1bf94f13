import { structureFormula } from './formula.ts';

/** What a summary is made of. */
export interface SummaryFacts {
  readonly nodeType: string;
  readonly label: string;
  /** JSON text; null where it is too long to look at. */
  readonly attributes: string | null;
  readonly files: number;
  /** Label of its computer; empty where it has none. */
  readonly computer: string;
}

type Attributes = Readonly<Record<string, unknown>>;

const longest = 80;

/** One line of at most 80 characters. */
export function shortened(text: string, most = longest): string {
  const line = text
    .slice(0, most * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}

/** `1 file`, `3 files`. @param many where an `s` is not enough */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

const text = (value: unknown): string => (typeof value === 'string' ? shortened(value) : '');

const filesText = ({ files }: SummaryFacts): string => (files === 0 ? '' : counted(files, 'file'));

/** `bands 40×8, kpoints 40×3`, from AiiDA's attributes `array|name: shape`. */
function arraysText(attributes: Attributes): string {
  const shapes = Object.entries(attributes).flatMap(([key, shape]) =>
    key.startsWith('array|') && Array.isArray(shape)
      ? [`${key.slice('array|'.length)} ${shape.map(String).join('×')}`.trim()]
      : [],
  );
  const shown = shapes.slice(0, 3).join(', ');
  return shortened(shapes.length > 3 ? `${shown}, …` : shown);
}

/** A number as it stands in the text: integers of any length, floats as Python printed them. */
function numberText(attributes: string): string {
  const found = /"value"\s*:\s*(-?[0-9][0-9.eE+-]*)/.exec(attributes);
  return shortened(found?.[1] ?? '');
}

function kpointsText(attributes: Attributes): string {
  const mesh = attributes['mesh'];
  if (Array.isArray(mesh)) return `mesh ${mesh.map(String).join('×')}`;
  const shape = attributes['array|kpoints'];
  return Array.isArray(shape) ? counted(Number(shape[0]), 'k-point') : '';
}

function bandsText(attributes: Attributes): string {
  const shape = attributes['array|bands'];
  if (!Array.isArray(shape)) return kpointsText(attributes);
  return `${counted(Number(shape.at(-1)), 'band')} at ${counted(Number(shape.at(-2)), 'k-point')}`;
}

function trajectoryText(attributes: Attributes): string {
  const shape = attributes['array|positions'];
  if (!Array.isArray(shape)) return arraysText(attributes);
  return `${counted(Number(shape[0]), 'step')}, ${counted(Number(shape[1]), 'atom')}`;
}

const codeText = ({ label, computer }: SummaryFacts): string =>
  computer === '' ? shortened(label) : shortened(`${label}@${computer}`);

/** Why a process failed; empty for one that did not. */
function processText(attributes: Attributes): string {
  const status = attributes['exit_status'];
  switch (attributes['process_state']) {
    case 'excepted': {
      const exception = attributes['exception'];
      // the last line of a traceback says what was thrown
      return text(typeof exception === 'string' ? exception.trim().split('\n').at(-1) : '');
    }
    case 'killed':
      return text(attributes['process_status']);
    default:
  }
  if (typeof status !== 'number' || status === 0) return '';
  const message = text(attributes['exit_message']);
  return message === '' ? `exit status ${status}` : message;
}

type Reader = (attributes: Attributes, facts: SummaryFacts) => string;

const listText: Reader = (attributes) =>
  Array.isArray(attributes['list']) ? counted(attributes['list'].length, 'item') : '';

/** By the beginning of the node type; the first that fits. */
const readers: readonly (readonly [prefix: string, reader: Reader])[] = [
  ['process.', processText],
  ['data.core.int.', (_attributes, facts) => numberText(facts.attributes ?? '')],
  ['data.core.float.', (_attributes, facts) => numberText(facts.attributes ?? '')],
  ['data.core.bool.', (attributes) => (attributes['value'] === true ? 'true' : 'false')],
  ['data.core.str.', (attributes) => `"${text(attributes['value'])}"`],
  ['data.core.list.', listText],
  ['data.core.dict.', (attributes) => counted(Object.keys(attributes).length, 'key')],
  ['data.core.enum.', (attributes) => text(attributes['name'])],
  [
    'data.core.structure.',
    (attributes) => shortened(structureFormula(attributes['kinds'], attributes['sites'])),
  ],
  ['data.core.array.bands.', bandsText],
  ['data.core.array.kpoints.', kpointsText],
  ['data.core.array.trajectory.', trajectoryText],
  ['data.core.array.', arraysText],
  ['data.core.upf.', (attributes) => text(attributes['element'])],
  ['data.pseudo.', (attributes) => text(attributes['element'])],
  ['data.core.code.', (_attributes, facts) => codeText(facts)],
  ['data.core.remote.stash.', (attributes) => text(attributes['target_basepath'])],
  ['data.core.remote.', (attributes) => text(attributes['remote_path'])],
  ['data.core.folder.', (_attributes, facts) => counted(facts.files, 'file')],
];

function parsed(json: string): Attributes {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Attributes) : {};
  } catch {
    // Only an archive of a stranger can hold such a text; its page shows it as it is.
    return {};
  }
}

/**
 * A short reading of what a node holds, for lists and for the graph: `5`, `"text"`, `Si2`, `aiida.out`, `3 keys`,
 * `12 files`, `pw@daint`, or why a process failed. Empty where there is nothing short to say.
 */
export function summaryOf(facts: SummaryFacts): string {
  if (facts.attributes === null) return filesText(facts);
  const attributes = parsed(facts.attributes);
  const reader = readers.find(([prefix]) => facts.nodeType.startsWith(prefix))?.[1];
  if (reader !== undefined) return reader(attributes, facts);
  const filename = text(attributes['filename']);
  return filename === '' ? filesText(facts) : filename;
}
