import type { WorkflowState } from '#main/engine/state.ts';
import type { OpenQuestion } from '#shared/process/question.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { Dice } from '../time/dice.ts';
import { Killed } from './life.ts';
import type { RunningCore, World } from './world.ts';

const minute = 60_000;
const hour = 60 * minute;

/** What a person was told of an answer that they gave. */
export interface AnswerHeard {
  readonly core: RunningCore;
  readonly process: Uuid;
  readonly label: string;
  /** One of those that were offered. */
  readonly isChoice: boolean;
}

/** How the person answers questions: late, in two windows at once, while the core dies, or never. */
export class Answers {
  readonly #world: World;
  readonly #dice: Dice;
  /** Questions that the person leaves open for ever, and those that they do not. */
  readonly #ignored = new Map<string, boolean>();
  onHeard: (heard: AnswerHeard) => void = () => {};

  constructor(world: World, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
  }

  /** @returns whether there was a question */
  answerOne(core: RunningCore): boolean {
    const open = this.#open(core).filter(({ process, label }) => !this.#isIgnored(`${process} ${label}`));
    if (open.length === 0) return false;
    this.#answer(core, this.#dice.of(open));
    return true;
  }

  /** About one process, in the end: it is answered, whatever the person thought of it before. */
  decide(core: RunningCore, { uuid, questions = {} }: WorkflowState): void {
    const dice = this.#dice;
    for (const [label, question] of Object.entries(questions)) {
      this.#give(core, uuid, label, dice.of(question.choices).name, true);
    }
  }

  *#all(core: RunningCore): Generator<{ process: Uuid; label: string; question: OpenQuestion }> {
    for (const state of core.engine.states()) {
      if (state.kind !== 'workflow' || state.killing) continue;
      for (const [label, question] of Object.entries(state.questions ?? {}))
        yield { process: state.uuid, label, question };
    }
  }

  #open(core: RunningCore): { process: Uuid; label: string; question: OpenQuestion }[] {
    return [...this.#all(core)];
  }

  #isIgnored(key: string): boolean {
    const known = this.#ignored.get(key) ?? this.#dice.chance(0.12);
    this.#ignored.set(key, known);
    return known;
  }

  #answer(
    core: RunningCore,
    { process, label, question }: { process: Uuid; label: string; question: OpenQuestion },
  ): void {
    const dice = this.#dice;
    const { chronicle, time } = this.#world;
    const names = question.choices.map(({ name }) => name);
    const choice = dice.of(names);
    const manner = dice.weighted([
      [8, 'once'],
      [3, 'twice'],
      [2, 'again-later'],
      [4, 'dying'],
      [1, 'nonsense'],
    ] as const);
    chronicle.count(`answers: ${manner}`);
    switch (manner) {
      case 'once':
        this.#give(core, process, label, choice, true);
        return;
      case 'twice':
        // in another window, perhaps by somebody else
        this.#give(core, process, label, choice, true);
        this.#give(core, process, label, dice.of(names), true);
        return;
      case 'again-later':
        this.#give(core, process, label, choice, true);
        time.after(dice.wide(1000, 2 * hour), () => {
          const { core: later } = this.#world;
          if (later !== null && !later.life.isAsleep) this.#give(later, process, label, dice.of(names), true);
        });
        return;
      case 'dying':
        this.#world.killSoon(core, dice.whole(1, 14));
        this.#give(core, process, label, choice, true);
        return;
      case 'nonsense':
        this.#give(core, process, label, 'nothing of that', false);
        return;
    }
  }

  #give(core: RunningCore, process: Uuid, label: string, choice: string, isChoice: boolean): void {
    this.#world.chronicle.note('person', `answers “${choice}” to “${label}” of ${process}`);
    const answered = { kind: 'answered', label, choice, by: 'a person' } as const;
    const tell = async (): Promise<void> => {
      const heard = await core.engine.tell(process, answered);
      if (heard && !core.life.isDead) this.onHeard({ core, process, label, isChoice });
    };
    tell().catch((error: unknown) => {
      // the core dies, or cannot write now: the person is told so and tries again another time
      if (!(error instanceof Killed)) this.#world.chronicle.count('answers that were refused');
    });
  }
}
