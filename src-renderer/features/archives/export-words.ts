import { exportRules, type ExportSwitch } from '#shared/provenance/traversal-rules.ts';
import type { ExportTarget } from '#renderer/model/export-target.ts';

interface SwitchWords {
  readonly rule: ExportSwitch;
  readonly title: string;
  readonly help: string;
}

/** In the order in which a person thinks of them: where things came from, then what came of them. */
export const switches: readonly SwitchWords[] = [
  {
    rule: 'create_backward',
    title: 'Calculations that made the data',
    help: 'Without them, data arrives without its origin.',
  },
  {
    rule: 'call_calc_backward',
    title: 'Workflows that called a calculation',
    help: 'And through them, the rest of what they did.',
  },
  {
    rule: 'call_work_backward',
    title: 'Workflows that called a workflow',
    help: 'Up to the one that a person launched.',
  },
  {
    rule: 'return_backward',
    title: 'Workflows that returned the data',
    help: 'Data may be returned by many workflows that have nothing else to do with it.',
  },
  {
    rule: 'input_calc_forward',
    title: 'Calculations that used the data',
    help: 'What came of it later. With a common input, such as a code, this can be a large part of the profile.',
  },
  {
    rule: 'input_work_forward',
    title: 'Workflows that used the data',
    help: 'As above, for workflows.',
  },
];

/** Only what differs from AiiDA's defaults. */
export const changedRules = (
  turned: Readonly<Record<ExportSwitch, boolean>>,
): Partial<Record<ExportSwitch, boolean>> =>
  Object.fromEntries(
    switches.flatMap(({ rule }) => (turned[rule] === exportRules[rule] ? [] : [[rule, turned[rule]]])),
  );

/** As AiiDA has them; a fresh object, which a form may change. */
export const defaultSwitches = (): Record<ExportSwitch, boolean> =>
  Object.fromEntries(switches.map(({ rule }) => [rule, exportRules[rule]])) as Record<ExportSwitch, boolean>;

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-._]+|[-._]+$/g, '')
    .slice(0, 80);

const two = (n: number): string => String(n).padStart(2, '0');

/** `silicon-2026-11-22.aiida` @param name of the group or of the profile */
export function proposedName(target: ExportTarget, name: string, now: Date): string {
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const isNamed = target.kind === 'group' || target.kind === 'all';
  const stem = isNamed ? slug(name) : 'nodes';
  return `${stem === '' ? 'archive' : stem}-${day}.aiida`;
}

/** What is wrong with the name of a file, or empty. */
export function nameProblem(name: string): string {
  const text = name.trim();
  if (text === '') return 'The file needs a name.';
  if (/[/\\:*?"<>|\u0000-\u001F]/.test(text)) return 'Leave out / \\ : * ? " < > |';
  return text.startsWith('.') ? 'The name must not begin with a dot.' : '';
}
