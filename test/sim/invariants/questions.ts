import type { WorkflowState } from '#main/engine/state.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { restartPlugin } from '../plugins/names.ts';
import { calculationsOf } from '../plugins/program.ts';
import type { AnswerHeard } from '../world/answers.ts';
import type { World } from '../world/world.ts';
import { programOf } from './course.ts';

type GivenAnswers = NonNullable<WorkflowState['answers']>;

/**
 * A question is asked once, its answer stands for ever, and what was answered is never asked again. An answer of which
 * the person was told that it is taken is there. And no workflow says that its code has changed where it has not: then
 * what it remembers is not what it did.
 */
export class Questions {
  readonly #world: World;
  /** By process and label: since when it is open. */
  readonly #open = new Map<string, number>();
  readonly #answers = new Map<Uuid, Map<string, string>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** @param text the JSON of a state of the engine that was committed */
  learn(text: string): void {
    if (text.includes('"changed":{')) this.#changed(JSON.parse(text) as WorkflowState);
    // most workflows never ask
    if (!text.includes('"questions":') && !text.includes('"answers":')) return;
    const { uuid, questions = {}, answers = [] } = JSON.parse(text) as WorkflowState;
    this.#answered(uuid, answers);
    for (const [label, { since }] of Object.entries(questions)) this.#asked(uuid, label, since);
  }

  /** The person was told that an answer is taken: then one is, be it theirs or that of another window. */
  heard({ core, process, label, isChoice }: AnswerHeard): void {
    const { chronicle } = this.#world;
    const state = core.engine.state(process);
    if (!isChoice || state?.kind !== 'workflow' || state.killing) return;
    if (Object.hasOwn(state.questions ?? {}, label)) {
      chronicle.broken('questions', `“${label}” of ${process} was answered, and is open all the same.`);
    }
    const answers = state.answers?.filter((one) => one.label === label).length ?? 0;
    if (answers !== 1) {
      chronicle.broken('questions', `“${label}” of ${process} was answered, and has ${answers} answers.`);
    }
  }

  /** What is sealed says the same. */
  onEnd(
    uuid: Uuid,
    attributes: { readonly answers?: readonly { readonly label: string; readonly choice: string }[] },
  ): void {
    const known = this.#answers.get(uuid);
    if (known === undefined) return;
    const kept = new Map(attributes.answers?.map(({ label, choice }) => [label, choice]) ?? []);
    for (const [label, answer] of known) {
      const { choice } = JSON.parse(answer) as { readonly choice: string };
      if (kept.get(label) === choice) continue;
      this.#world.chronicle.broken(
        'questions',
        `“${label}” of ${uuid} was answered with ${choice}; its node says ${kept.get(label) ?? 'nothing'}.`,
      );
    }
    this.#answers.delete(uuid);
  }

  #asked(uuid: Uuid, label: string, since: number): void {
    const { chronicle } = this.#world;
    const key = `${uuid} ${label}`;
    if (this.#answers.get(uuid)?.has(label) === true)
      chronicle.broken('questions', `“${label}” of ${uuid} is asked again after it was answered.`);
    const before = this.#open.get(key);
    if (before === undefined) {
      chronicle.count('questions');
      this.#open.set(key, since);
    } else if (before !== since) {
      chronicle.broken('questions', `“${label}” of ${uuid} is asked again while it is open.`);
    }
  }

  #answered(uuid: Uuid, answers: GivenAnswers): void {
    const { chronicle } = this.#world;
    const known = this.#answers.get(uuid) ?? new Map<string, string>();
    this.#answers.set(uuid, known);
    const left = new Set(known.keys());
    for (const { label, choice, by, at } of answers) {
      const words = JSON.stringify({ choice, by, at });
      const before = known.get(label);
      if (before === undefined) {
        chronicle.count('questions answered');
        known.set(label, words);
      } else if (before !== words) {
        chronicle.broken('questions', `The answer to “${label}” of ${uuid} was ${before} and is ${words}.`);
      }
      left.delete(label);
    }
    for (const label of left) chronicle.broken('questions', `The answer to “${label}” of ${uuid} is gone.`);
  }

  /** A version that was installed since then asks for another calculation under that label. */
  #mayHaveChanged(uuid: Uuid, label: string): boolean {
    const { pluginVersion } = this.#world;
    for (const step of calculationsOf(programOf(this.#world, uuid)?.steps ?? [])) {
      const { changesAt } = step.do === 'job' ? step.job : step.call;
      if (changesAt < 2 || changesAt > pluginVersion) continue;
      // in a loop it has a number for each turn
      if (label.startsWith(step.label) && /^(?:_\d+)*$/.test(label.slice(step.label.length))) return true;
    }
    return false;
  }

  #changed({ uuid, plugin, changed }: WorkflowState): void {
    if (changed === null || (plugin !== restartPlugin && this.#mayHaveChanged(uuid, changed.label))) return;
    this.#world.chronicle.broken(
      'workflow',
      `Workflow ${uuid} says that its code has changed, which it has not: ${JSON.stringify(changed)}`,
    );
  }
}
