import type { AskedQuestion } from '#shared/plugin/index.ts';
import type { Question } from '#shared/process/question.ts';

/** Attributes of a workflow that are the engine's, or AiiDA's. */
const taken =
  /^(?:process_.*|exit_.*|exception|paused|sealed|checkpoints|version|state|stepper_state_info|metadata_inputs|answers|resumed_from|reused_steps)$/;

/** Whether a workflow may set the attribute: a plain lower-case word that neither the engine nor AiiDA uses. */
export const isAnnotationName = (name: string): boolean =>
  /^[a-z][a-z0-9_]*$/.test(name) && !taken.test(name);

/** A question as the engine keeps it. @throws where it cannot be answered */
export function questionOf(label: string, { question, facts = {}, choices }: AskedQuestion): Question {
  if (question.trim() === '') throw new Error(`The question “${label}” has no words.`);
  const listed = Object.entries(choices).map(([name, choice]) =>
    typeof choice === 'string'
      ? { name, label: choice, help: '' }
      : { name, label: choice.label, help: choice.help ?? '' },
  );
  if (listed.length === 0) throw new Error(`The question “${label}” has nothing to choose from.`);
  return {
    question,
    facts: Object.entries(facts).map(([name, value]) => ({ name, value: String(value) })),
    choices: listed,
  };
}
