import { countWords } from '#renderer/model/count-words.ts';
import { textOf, type Attributes } from '#renderer/model/attributes.ts';
import { floatRepr, PyFloat, type PyJson } from '#shared/provenance/python-json.ts';

/** A plain value, ready to be shown. */
export interface ShownValue {
  /** Exactly as it is stored; this is copied, too. */
  readonly text: string;
  readonly look: 'number' | 'text' | 'word';
  /** A second reading: digits in groups, how long a text is, where a member of an enumeration comes from. */
  readonly note: string;
  /** Better read as lines. */
  readonly long: boolean;
}

const longText = 160;
const grouped = new Intl.NumberFormat('en', { useGrouping: true, maximumFractionDigits: 0 });

function groupedInteger(value: number | bigint): string {
  const text = grouped.format(value).replaceAll(',', '\u2009');
  return text === String(value) ? '' : text;
}

const plain = (text: string, look: ShownValue['look'], note = ''): ShownValue => ({
  text,
  look,
  note,
  long: false,
});

function scalar(value: PyJson | undefined): ShownValue | null {
  if (typeof value === 'boolean') return plain(String(value), 'word');
  if (typeof value === 'number' || typeof value === 'bigint') {
    return plain(String(value), 'number', groupedInteger(value));
  }
  if (value instanceof PyFloat) return plain(floatRepr(value.value), 'number');
  if (typeof value !== 'string') return null;
  const length = [...value].length;
  const note = length === 0 ? '' : `${countWords(length)} ${length === 1 ? 'character' : 'characters'}`;
  return { text: value, look: 'text', note, long: length > longText || value.includes('\n') };
}

/** The value of an Int, Float, Bool, Str or EnumData; null where it has none. */
export function readValue(nodeType: string, attributes: Attributes): ShownValue | null {
  if (!nodeType.startsWith('data.core.enum.')) return scalar(attributes['value']);
  const name = textOf(attributes, 'name');
  if (name === '') return null;
  const value = scalar(attributes['value']);
  const member = value === null ? '' : `value ${value.text}`;
  return plain(name, 'word', [member, textOf(attributes, 'identifier')].filter(Boolean).join(' · '));
}
