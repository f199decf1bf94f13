import { displayStates } from '../process/states.ts';
import { numberFields, textFields, timeFields, type StateWord } from './tree.ts';

/** What a person may write before the colon, for messages and for completion. */
export const fieldNames = [
  'state',
  'type',
  ...textFields,
  'uuid',
  ...numberFields,
  ...timeFields,
  'attr.',
  'extra.',
] as const;

export const fieldHelp: Readonly<Record<(typeof fieldNames)[number], string>> = {
  state: 'failed, running, … or active, ended, needs-you',
  type: 'calc, workflow, data, code, or a class such as Dict',
  label: 'the label of a node',
  description: 'its description',
  name: 'label or process label',
  computer: 'the label of its computer',
  group: 'the label of a group that it is in',
  plugin: 'entry point of a process: core.arithmetic.add',
  user: 'e-mail of who made it',
  uuid: 'the beginning of a UUID',
  pk: 'its number in this profile',
  exit: 'exit status',
  ctime: 'when it was made: ctime>7d, ctime<2026-03-01',
  mtime: 'when it was changed last',
  'attr.': 'an attribute: attr.energy<-100',
  'extra.': 'an extra: extra.reviewed:true',
};

export const stateWordList: readonly StateWord[] = [...displayStates, 'active', 'ended', 'needs-you'];

/** What may stand after `state:`; lower case. */
export const isStateWord = (word: string): word is StateWord =>
  (stateWordList as readonly string[]).includes(word);

/** Words for kinds of nodes, and the beginnings of the node types that they stand for. */
export const typeWords: Readonly<Record<string, readonly string[]>> = {
  process: ['process.'],
  calc: ['process.calculation.'],
  calculation: ['process.calculation.'],
  calcjob: ['process.calculation.calcjob.'],
  calcfunction: ['process.calculation.calcfunction.'],
  workflow: ['process.workflow.'],
  workchain: ['process.workflow.workchain.'],
  workfunction: ['process.workflow.workfunction.'],
  data: ['data.'],
  code: ['data.core.code.', 'data.code.'],
};
