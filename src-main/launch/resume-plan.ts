/**
 * What a resumed run would take over and what it would run, before it is started. The code of the workflow itself is
 * asked: it runs from its first line, taken-over steps answer, and what would run is not started.
 */
import { createHash } from 'node:crypto';
import { deferred } from '#shared/base/deferred.ts';
import type { ResumePlan, ResumeStep } from '#shared/contract/areas/launch.ts';
import { newUuid, type ObjectHash, type Uuid } from '#shared/provenance/ids.ts';
import type { EngineDeps } from '../engine/deps.ts';
import type { ReadyData } from '../engine/events.ts';
import { withDefaults } from '../engine/inputs/defaults.ts';
import { forPlugin } from '../engine/plugin-inputs.ts';
import type { EngineReads, MadeData, PluginInputs, WorkflowAnswer, WorkflowAsk } from '../engine/ports.ts';
import { drawnBefore, formerStep, judgeStep, type Resume } from '../engine/reuse.ts';
import { stepOutcome } from '../engine/step-outcome.ts';
import { readStep } from '../workflows/steps.ts';

type Deps = Pick<EngineDeps, 'store' | 'plugins' | 'computers' | 'clock' | 'random'>;
type Call = Extract<WorkflowAsk, { kind: 'call' }>;

/** More than anyone reads; what is beyond is counted. */
const mostSteps = 500;
/** Sub-workflows in sub-workflows. */
const deepest = 8;
/** So long the code may be still before it counts as waiting, ms. */
const quietMs = 150;

/**
 * What a resumed run would take over and what it would do again, found by running the code without a side effect. It is
 * a forecast: what the code asks after its first new step is not known, and counted as `later`.
 */
export async function planResume(
  deps: Deps,
  plugin: string,
  inputs: PluginInputs,
  resume: Resume,
  signal: AbortSignal,
): Promise<ResumePlan> {
  const steps = await stepsOf(deps, plugin, inputs, resume, '', signal);
  const count = (verdict: ResumeStep['verdict']): number =>
    steps.filter((step) => step.verdict === verdict).length;
  return {
    from: resume.from,
    reused: count('reused'),
    again: count('again'),
    later: count('later'),
    steps: steps.slice(0, mostSteps),
  };
}

async function stepsOf(
  deps: Deps,
  plugin: string,
  inputs: PluginInputs,
  resume: Resume,
  prefix: string,
  signal: AbortSignal,
): Promise<ResumeStep[]> {
  const asked = await askCode(deps, plugin, inputs, resume, signal);
  const steps: ResumeStep[] = [];
  for (const { ask, verdict } of asked) {
    const path = prefix + ask.label;
    steps.push({
      path,
      name: deps.plugins.specs().find(({ id }) => id === ask.plugin)?.label ?? ask.plugin,
      verdict: verdict.kind,
      why: verdict.why,
      former: former(deps, resume, ask.label),
    });
    if (verdict.kind === 'reused' || verdict.inside === null) continue;
    if (path.split('/').length >= deepest || steps.length > mostSteps) continue;
    steps.push(
      ...(await stepsOf(deps, ask.plugin, inputsOf(deps, ask, inputs), verdict.inside, `${path}/`, signal)),
    );
  }
  const labels = new Set(asked.map(({ ask }) => ask.label));
  return [...steps, ...laterSteps(deps, resume, prefix, labels)];
}

interface Asked {
  readonly ask: Call;
  readonly verdict: ReturnType<typeof judgeStep>;
}

/** Runs the code until it waits for something that would have to run, or ends. */
async function askCode(
  deps: Deps,
  plugin: string,
  inputs: PluginInputs,
  resume: Resume,
  signal: AbortSignal,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  const quiet = deferred<void>();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  const never = new Promise<never>(() => {});
  const answer = (ask: WorkflowAsk): WorkflowAnswer | Promise<never> => {
    if (timer !== null) clearTimeout(timer);
    switch (ask.kind) {
      case 'report':
      case 'annotation':
        return { kind: 'done' };
      case 'now':
        return { kind: 'number', value: deps.clock.now() };
      case 'random': {
        const step = deps.store.read((reads) => formerStep(reads, resume, ask.label));
        return { kind: 'number', value: drawnBefore(step) ?? deps.random.next() };
      }
      case 'sleep': {
        const step = deps.store.read((reads) => formerStep(reads, resume, ask.label));
        return step?.kind === 'sleep' && step.order !== undefined ? { kind: 'done' } : never;
      }
      case 'question':
        return never;
      case 'call':
        return deps.store.read((reads) => judged(reads, ask));
    }
  };
  const judged = (reads: EngineReads, ask: Call): WorkflowAnswer | Promise<never> => {
    const spec = deps.plugins.specs().find(({ id }) => id === ask.plugin);
    if (spec === undefined) {
      asked.push({
        ask,
        verdict: { kind: 'again', why: `${ask.plugin} is not installed here`, inside: null },
      });
      return never;
    }
    const whole = { ...ask, inputs: withHashes(ask.inputs) };
    const verdict = judgeStep(reads, deps.computers, resume, whole, spec);
    asked.push({ ask, verdict });
    return verdict.kind === 'reused' ? stepOutcome(reads, verdict.process, deps.computers) : never;
  };
  try {
    await Promise.race([
      deps.plugins.runWorkflow(
        plugin,
        inputs,
        async (ask) => answer(ask),
        AbortSignal.any([signal, stop.signal]),
        {
          restarted: () => (asked.length = 0),
          idle: () => {
            if (timer !== null) clearTimeout(timer);
            timer = setTimeout(() => quiet.resolve(), quietMs);
          },
        },
      ),
      quiet.promise,
    ]);
  } finally {
    stop.abort();
    if (timer !== null) clearTimeout(timer);
  }
  return asked;
}

/** Steps of the former run that the code has not come to: what they get hangs on what runs before them. */
function laterSteps(deps: Deps, resume: Resume, prefix: string, asked: ReadonlySet<string>): ResumeStep[] {
  return deps.store.read((reads) => {
    const run = reads.nodeByUuid(resume.from);
    const steps: { readonly order: number; readonly step: ResumeStep }[] = [];
    for (const { label, record } of run === null ? [] : reads.steps(run.id)) {
      const step = readStep(record);
      if (step.kind !== 'call' || asked.has(label)) continue;
      steps.push({
        order: step.order ?? Number.MAX_SAFE_INTEGER,
        step: {
          path: prefix + label,
          name: deps.plugins.specs().find(({ id }) => id === step.plugin)?.label ?? step.plugin,
          verdict: 'later',
          why: 'comes after what runs again; it is re-used if its inputs are then the same',
          former: reads.node(step.child)?.uuid ?? null,
        },
      });
    }
    return steps.toSorted((a, b) => a.order - b.order).map(({ step }) => step);
  });
}

function former(deps: Deps, resume: Resume, label: string): Uuid | null {
  return deps.store.read((reads) => {
    const step = formerStep(reads, resume, label);
    return step?.kind === 'call' ? (reads.node(step.child)?.uuid ?? null) : null;
  });
}

const hashOf = (content: Uint8Array | ObjectHash): ObjectHash =>
  typeof content === 'string' ? content : (createHash('sha256').update(content).digest('hex') as ObjectHash);

/** As the inputs would be once they are stored; nothing is stored. */
function withHashes(inputs: Call['inputs']): Record<string, { readonly uuid: Uuid } | ReadyData> {
  const ready = (made: MadeData): ReadyData => ({
    ...made,
    files: made.files.map(({ path, content }) => [path, hashOf(content)] as const),
  });
  return Object.fromEntries(
    Object.entries(inputs).map(([label, input]) => [label, 'uuid' in input ? input : ready(input)] as const),
  );
}

/** What the code of a sub-workflow would be given. */
function inputsOf(deps: Deps, { plugin, inputs }: Call, outer: PluginInputs): PluginInputs {
  const spec = deps.plugins.specs().find(({ id }) => id === plugin);
  const all = spec === undefined ? inputs : withDefaults(spec, inputs);
  return deps.store.read((reads) => {
    const values: Record<string, PluginInputs[string]> = {};
    for (const [label, input] of Object.entries(all)) {
      if ('uuid' in input) {
        // a value that a person has just typed is no node yet
        const typed = Object.values(outer).find(({ uuid }) => uuid === input.uuid);
        const node = reads.nodeByUuid(input.uuid);
        if (typed !== undefined) values[label] = typed;
        else if (node !== null) values[label] = forPlugin(node, deps.computers);
        continue;
      }
      const files = input.files.map(({ path, content }) => [path, content] as const);
      values[label] = { ...input, uuid: newUuid(), files, computer: null };
    }
    return values;
  });
}
