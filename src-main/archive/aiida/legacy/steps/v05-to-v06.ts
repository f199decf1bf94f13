import { writePyJson } from '#shared/provenance/python-json.ts';
import { archiveDamaged } from '../../container/archive-errors.ts';
import { readString, splitArray, splitObject } from '../json-text.ts';
import type { ObjectText } from '../object-text.ts';
import type { LegacyNode, Step } from '../step.ts';

/**
 * Times in attributes and extras, which were UTC without saying so, say so; the maps that told them from texts are gone.
 * The states of calculations of before AiiDA 1.0 become those of processes.
 */
export const v05ToV06: Step = {
  from: '0.5',
  node: (node) =>
    withProcessState({
      ...node,
      attributes: withZones(node.attributes, node.attributeDates),
      extras: withZones(node.extras, node.extraDates),
      attributeDates: null,
      extraDates: null,
    }),
};

function withZones(values: ObjectText, dates: ObjectText | null): ObjectText {
  if (dates === null) return values;
  let text = values;
  for (const [key, json] of values.members) {
    const next = withZone(json, dates.members.get(key));
    if (next !== json) text = text.with(key, next);
  }
  return text;
}

/** @param date `"date"`, or a map or list of such in the shape of the value */
function withZone(json: string, date: string | undefined): string {
  if (date === undefined || !date.includes('"date"')) return json;
  if (date === '"date"') return writePyJson(`${readString(json)}+00:00`);
  if (date.startsWith('{') && json.startsWith('{')) {
    const dates = splitObject(date);
    const members = [...splitObject(json)].map(
      ([key, value]) => `${writePyJson(key)}: ${withZone(value, dates.get(key))}`,
    );
    return `{${members.join(', ')}}`;
  }
  if (date.startsWith('[') && json.startsWith('[')) {
    const dates = splitArray(date);
    return `[${splitArray(json)
      .map((value, i) => withZone(value, dates[i]))
      .join(', ')}]`;
  }
  throw archiveDamaged('data.json', 'its data.json marks as a time what is none');
}

/** Of the calculation, to: state of the process, exit status. */
const states: Readonly<Record<string, readonly [state: string, exitStatus: number | null]>> = {
  NEW: ['killed', null],
  TOSUBMIT: ['killed', null],
  SUBMITTING: ['killed', null],
  WITHSCHEDULER: ['killed', null],
  COMPUTED: ['killed', null],
  RETRIEVING: ['killed', null],
  PARSING: ['killed', null],
  SUBMISSIONFAILED: ['excepted', null],
  RETRIEVALFAILED: ['excepted', null],
  PARSINGFAILED: ['excepted', null],
  FAILED: ['finished', 2],
  FINISHED: ['finished', 0],
};

function withProcessState(node: LegacyNode): LegacyNode {
  if (node.row.string('node_type') !== 'process.calculation.calcjob.CalcJobNode.') return node;
  const state = node.attributes.string('state') ?? '';
  const mapped = Object.hasOwn(states, state) ? states[state] : undefined;
  if (mapped === undefined) return node;
  const [processState, exitStatus] = mapped;
  const without = node.attributes.without('state');
  const ended = exitStatus === null ? without : without.with('exit_status', String(exitStatus));
  const told = ended.withString('process_state', processState);
  const attributes =
    exitStatus === null
      ? told.withString('process_status', `Legacy \`JobCalculation\` with state \`${state}\``)
      : told;
  return { ...node, attributes: attributes.withString('process_label', 'Legacy JobCalculation') };
}
