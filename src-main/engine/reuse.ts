/** What a resumed run takes over from the former one, and why: judged by the graph, step by step, as the code asks. */
import type { ProcessSpec } from '#shared/process/ports.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import { readPyJson, writePyJson } from '#shared/provenance/python-json.ts';
import { filesOf } from '#shared/provenance/repository-tree.ts';
import { readStep, type StepRecordOf } from '../workflows/steps.ts';
import type { ComputerBook } from './deps.ts';
import type { ReadyAsk, ReadyData } from './events.ts';
import { withDefaults } from './inputs/defaults.ts';
import type { EngineReads, NodeRecord } from './ports.ts';

/** A run that goes on where a former one failed. */
export interface Resume {
  readonly from: Uuid;
  /**
   * Labels of steps that run again in any case; those of a sub-workflow as `label/inner`. Of a sub-workflow that is
   * named itself all steps run again.
   */
  readonly again: readonly string[];
}

/** Whether a step of a resumed run is taken over, and why, in words for a person. */
export type Verdict =
  /** The former process stands for the step. */
  | { readonly kind: 'reused'; readonly process: NodeId; readonly why: string }
  /** It runs; where it is a workflow that ran before, `inside` says from which its own steps are taken over. */
  | { readonly kind: 'again'; readonly why: string; readonly inside: Resume | null };

/** What the former run has for a step that a resumed run asks for: a verdict on a call, the record of anything else. */
export type Former =
  | { readonly step: null; readonly verdict: Verdict; readonly from: Uuid }
  | { readonly step: StepRecordOf | null };

type Call = Extract<ReadyAsk, { kind: 'call' }>;

/** What is recorded of a step in the former run; null where it had none of that label. */
export function formerStep(reads: EngineReads, resume: Resume, label: string): StepRecordOf | null {
  const run = reads.nodeByUuid(resume.from);
  const row = run === null ? null : reads.step(run.id, label);
  return row === null ? null : readStep(row.record);
}

/** The random number that a step was in the former run; null where it was none. */
export const drawnBefore = (step: StepRecordOf | null): number | null =>
  step?.kind === 'number' && step.of !== 'now' ? step.value : null;

/**
 * Whether a step of the former run stands for what the code asks now: it must have ended well, of the same process,
 * with the same inputs. All reasons against it are said, not only the first.
 */
export function judgeStep(
  reads: EngineReads,
  computers: Pick<ComputerBook, 'uuidOf'>,
  resume: Resume,
  ask: Call,
  spec: ProcessSpec,
): Verdict {
  const again = (why: string, inside: Resume | null = null): Verdict => ({ kind: 'again', why, inside });
  const former = formerStep(reads, resume, ask.label);
  if (former === null) return again('the former run had no such step');
  if (former.kind === 'refused') return again(`it could not begin: ${former.error.message}`);
  if (former.kind !== 'call') return again('it was no call of a process in the former run');
  const child = reads.node(former.child);
  if (child === null) return again('its process is not here any more');
  if (former.plugin !== ask.plugin) return again(`it was ${former.plugin} and is now ${ask.plugin}`);
  const wanted = resume.again.includes(ask.label);
  const inside = spec.kind === 'workflow' && !wanted ? within(resume, ask.label, child.uuid) : null;
  const inputs = withDefaults(spec, ask.inputs);
  const reasons = [howItEnded(child), ...differences(reads, child, inputs)];
  if (isElsewhere(computers, child, ask)) reasons.push('it is to run on another computer');
  if (wanted) reasons.push('a person wants it to run again');
  const why = reasons.filter((reason) => reason !== null).join('; ');
  if (why !== '') return again(why, inside);
  return { kind: 'reused', process: child.id, why: equalWords(child, spec) };
}

/** Where the code does not name a computer, one of its inputs says where it runs. */
function isElsewhere(computers: Pick<ComputerBook, 'uuidOf'>, child: NodeRecord, ask: Call): boolean {
  return (
    child.computer !== null && ask.computer !== null && computers.uuidOf(child.computer) !== ask.computer
  );
}

function within(resume: Resume, label: string, from: Uuid): Resume {
  const prefix = `${label}/`;
  const inner = resume.again.filter((path) => path.startsWith(prefix));
  return { from, again: inner.map((path) => path.slice(prefix.length)) };
}

function equalWords(child: NodeRecord, spec: ProcessSpec): string {
  const { version } = JSON.parse(child.attributes) as { readonly version?: { readonly plugin?: string } };
  const before = version?.plugin ?? spec.version;
  const other =
    before === spec.version ? '' : ` (it was version ${before}, now ${spec.version} is installed)`;
  return `process and inputs are equal${other}`;
}

/** Null where it finished with exit status 0. */
function howItEnded({ attributes, sealed }: NodeRecord): string | null {
  const ended = JSON.parse(attributes) as {
    readonly process_state?: string;
    readonly exit_status?: number;
    readonly exit_message?: string;
    readonly exception?: string;
  };
  if (!sealed) return 'it has not ended in the former run';
  switch (ended.process_state) {
    case 'finished': {
      if (ended.exit_status === 0) return null;
      const message = ended.exit_message === undefined ? '' : ` (${ended.exit_message.replace(/\.$/, '')})`;
      return `it failed with exit status ${ended.exit_status}${message}`;
    }
    case 'killed':
      return 'it was killed';
    default:
      return `it broke off${ended.exception === undefined ? '' : ` (${ended.exception})`}`;
  }
}

function differences(reads: EngineReads, child: NodeRecord, inputs: Call['inputs']): string[] {
  const former = new Map<string, NodeRecord>();
  for (const link of reads.incoming(child.id)) {
    if (link.type !== 'input_calc' && link.type !== 'input_work') continue;
    const node = reads.node(link.source);
    if (node !== null) former.set(link.label, node);
  }
  const words: string[] = [];
  for (const [label, input] of Object.entries(inputs)) {
    const before = former.get(label);
    former.delete(label);
    if (before === undefined) words.push(`input “${label}” is new`);
    else if (!('uuid' in input ? input.uuid === before.uuid : sameContent(input, before))) {
      words.push(`input “${label}” differs`);
    }
  }
  for (const label of former.keys()) words.push(`input “${label}” is not given any more`);
  return words;
}

/** Data that is made anew by the code is the same where its type, attributes and files are. */
function sameContent(made: ReadyData, stored: NodeRecord): boolean {
  const same = (text: string): string => writePyJson(readPyJson(text));
  if (made.nodeType !== stored.nodeType || same(made.attributes) !== same(stored.attributes)) return false;
  const files = [...filesOf(stored.repository)].toSorted(byPath);
  const own = [...made.files].toSorted(byPath);
  return JSON.stringify(files) === JSON.stringify(own);
}

const byPath = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);
