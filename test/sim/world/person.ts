import type { RunState, WorkflowState } from '#main/engine/state.ts';
import { vanished } from '#main/engine/transitions/end-unproved.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { noFaults } from '../cluster/virtual-cluster.ts';
import type { Habits } from '../scenario.ts';
import { Dice } from '../time/dice.ts';
import { Answers } from './answers.ts';
import { Launches } from './launches.ts';
import { Killed } from './life.ts';
import { otherRules } from './makings.ts';
import type { RunningCore, World } from './world.ts';

const minute = 60_000;
const hour = 60 * minute;

/** The person at the laptop, and the weather outside. Everything that they do is counted, so that idleness is seen. */
export class Person {
  readonly #world: World;
  readonly #dice: Dice;
  /** For what only some worlds make use of. */
  readonly #ownDice: Dice;
  readonly #making: Launches;
  readonly answers: Answers;
  #launches = 0;
  #active = true;
  /** Until when the laptop is off; null while it runs. */
  #closing: RunningCore | null = null;
  /** Acts after which the core may look at once, or dial at once, in order of time. */
  readonly urges: number[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#dice = new Dice(world.scenario.seed, 'person');
    this.#ownDice = new Dice(world.scenario.seed, 'person of uses');
    this.#making = new Launches(world.scenario);
    this.answers = new Answers(world, this.#ownDice);
    world.killSoon = (core, points) => this.#killSoon(core, points, false);
  }

  begin(): void {
    this.#boot();
    const { habits, weatherMs, startsFair } = this.#world.scenario;
    for (const habit of Object.keys(habits) as (keyof Habits)[]) this.#again(habit, habits[habit]);
    if (!startsFair) this.#turn(false);
    this.#launch();
    this.#every(weatherMs, () => this.#weather());
  }

  /** From here on nothing is done and nothing fails; what was held up by a person is let go. */
  rest(): void {
    this.#active = false;
    const world = this.#world;
    world.chronicle.note('person', 'leaves everything alone; nothing fails any more');
    world.fair = true;
    world.files.full = false;
    world.locked.clear();
    for (const cluster of world.clusters) cluster.faults = noFaults;
    const { core } = world;
    if (core === null) return;
    this.#wake(core);
    // not a process that is paused because its code has changed: that is to be decided
    this.letGo();
  }

  /** Plays and resumes everything, as a person does who wants to see it end. */
  letGo(): void {
    const { core } = this.#world;
    if (core === null) return;
    this.#urge();
    mayDie(() => this.#letGo(core));
  }

  #letGo(core: RunningCore): void {
    const { computers } = this.#world;
    for (const uuid of computers) {
      const { connection } = core.computers.runtime(uuid);
      if (connection.paused) core.computers.setPaused(uuid, false);
      // what only waits for its time gets on by itself
      if (connection.status.state === 'needs-you') core.computers.retryNow(uuid);
    }
    for (const state of core.engine.states()) {
      if (state.paused && (state.kind !== 'workflow' || state.changed === null))
        this.#tell(core, state.uuid, 'play');
      if (this.#isBlind(state)) this.#kill(core, state.uuid);
    }
  }

  /** Its rules look at files of a folder that was cleaned up: nothing would stop it. */
  #isBlind(state: RunState): boolean {
    if (state.kind !== 'job' || state.killing || (state.rules ?? []).length === 0) return false;
    const directory = state.directory ?? '';
    return this.#world.clusters.some(({ truth }) => truth.wiped.has(directory));
  }

  /** About one process that says it waits for a person. */
  decide(core: RunningCore, state: RunState): void {
    if (state.kind === 'job' && state.lost !== null) {
      const look = this.#dice.chance(0.3);
      this.#tell(core, state.uuid, look ? 'look-again' : 'assume-lost');
      return;
    }
    if (state.kind === 'workflow' && state.changed !== null) {
      this.#kill(core, state.uuid);
      return;
    }
    if (asks(state)) {
      if (this.#ownDice.chance(0.8)) this.answers.decide(core, state);
      else this.#kill(core, state.uuid);
      return;
    }
    if (isElsewhere(state)) {
      this.#kill(core, state.uuid, true);
      return;
    }
    if (state.retry?.code === vanished) {
      this.#tell(core, state.uuid, this.#ownDice.chance(0.3) ? 'retry-now' : 'assume-lost');
      return;
    }
    // nobody brings a folder back that was cleaned up
    if (state.retry?.code === 'remote-missing') this.#kill(core, state.uuid);
    else if (state.retry?.needsPerson === true)
      this.#tell(core, state.uuid, this.#dice.chance(0.7) ? 'retry-now' : 'kill');
  }

  // ------------------------------------------------------------------------------------------------ habits

  #every(mean: number, act: () => void): void {
    if (mean === 0) return;
    this.#world.time.after(this.#dice.wait(mean), () => {
      if (!this.#active) return;
      act();
      this.#every(mean, act);
    });
  }

  #again(habit: keyof Habits, mean: number): void {
    this.#every(mean, () => {
      const { core } = this.#world;
      if (core === null || core.life.isAsleep || this.#closing !== null) return;
      mayDie(() => {
        if (this.#act(habit, core)) this.#world.chronicle.count(`act: ${habit}`);
      });
    });
  }

  /** @returns whether there was something to do */
  #act(habit: keyof Habits, core: RunningCore): boolean {
    const world = this.#world;
    const { chronicle } = world;
    const dice = this.#dice;
    switch (habit) {
      case 'launch':
        return this.#launch();
      case 'kill':
        return this.#some(
          core,
          () => true,
          (state) => this.#kill(core, state.uuid),
        );
      case 'pause':
        return this.#some(
          core,
          ({ paused }) => !paused,
          ({ uuid }) => this.#tell(core, uuid, 'pause'),
        );
      case 'play':
        return this.#some(
          core,
          ({ paused }) => paused,
          ({ uuid }) => this.#tell(core, uuid, 'play'),
        );
      case 'pauseComputer':
      case 'resumeComputer': {
        const uuid = dice.of(world.computers);
        const { paused } = core.computers.runtime(uuid).connection;
        if (paused === (habit === 'pauseComputer')) return false;
        chronicle.note('person', `${habit} ${uuid}`);
        this.#urge();
        core.computers.setPaused(uuid, habit === 'pauseComputer');
        return true;
      }
      case 'retryNow':
        this.#urge();
        core.computers.retryNow(dice.of(world.computers));
        return true;
      case 'signIn':
        return this.#signIn(core);
      case 'decide':
        return this.#some(core, waitsForPerson, (state) => this.decide(core, state));
      case 'sleep':
        return this.#sleep(core);
      case 'quit':
        return this.#quit(core);
      case 'crash':
      case 'powerCut':
        this.#killSoon(core, dice.whole(1, 60), habit === 'powerCut');
        return true;
      case 'upgrade':
        if (world.pluginVersion >= 3) return false;
        world.pluginVersion++;
        chronicle.note('person', `upgrades the plugins to version ${world.pluginVersion}`);
        return this.#quit(core);
      case 'network':
        chronicle.note('world', 'the network is another');
        this.#urge();
        for (const cluster of world.clusters) cluster.cut();
        return true;
      case 'diskFills':
        chronicle.note('world', 'the disk of the laptop is full');
        world.files.full = true;
        world.time.after(dice.wide(minute, 2 * hour), () => {
          world.files.full = false;
          chronicle.note('world', 'there is room on the disk again');
        });
        return true;
      case 'clockJumps':
        world.wallOffsetMs = dice.of([0, -2 * hour, 3 * hour, 20 * minute, -5 * minute]);
        chronicle.note('world', 'the clock on the wall jumps');
        return true;
      case 'answer':
        return this.answers.answerOne(core);
      case 'setRules':
        return this.#setRules(core);
    }
  }

  #launch(): boolean {
    const world = this.#world;
    const { mostLaunches, launchedAtOnce, onlyJobs } = world.scenario;
    let any = false;
    for (
      let count = this.#dice.whole(...launchedAtOnce);
      count > 0 && this.#launches < mostLaunches;
      count--
    ) {
      this.#launches++;
      any = true;
      const what = this.#dice.weighted([
        [5, 'job'],
        [onlyJobs ? 0 : 1, 'function'],
        [onlyJobs ? 0 : 3, 'workflow'],
      ] as const);
      const launch = this.#making.next(what);
      world.chronicle.count(`launched: ${launch.what}`);
      world.launch(launch, launch.parameters.name);
    }
    return any;
  }

  #setRules(core: RunningCore): boolean {
    const withRules = [...core.engine.states()].filter(
      (state) => state.kind === 'job' && (state.rules ?? []).length > 0,
    );
    if (withRules.length === 0) return false;
    const state = this.#ownDice.of(withRules);
    if (state.kind !== 'job') return false;
    const rules = otherRules(this.#ownDice, state.rules ?? []);
    this.#world.chronicle.note('person', `sets other rules for ${state.uuid}`);
    void core.engine.tell(state.uuid, { kind: 'set-rules', rules, by: 'a person' }).catch(() => {});
    return true;
  }

  #some(core: RunningCore, fits: (state: RunState) => boolean, act: (state: RunState) => void): boolean {
    const states = [...core.engine.states()].filter(fits);
    if (states.length === 0) return false;
    act(this.#dice.of(states));
    return true;
  }

  #signIn(core: RunningCore): boolean {
    const { computers } = this.#world;
    const uuid = computers.find(
      (computer) => core.computers.runtime(computer).connection.status.state === 'needs-you',
    );
    if (uuid === undefined) return false;
    this.#world.chronicle.note('person', 'signs in');
    this.#world.locked.delete(computers.indexOf(uuid));
    this.#urge();
    core.computers.retryNow(uuid);
    return true;
  }

  #kill(core: RunningCore, uuid: Uuid, insists = false): void {
    this.#world.chronicle.note('person', `kills ${uuid}`);
    this.#world.chronicle.killedByPerson.add(uuid);
    void core.engine.tell(uuid, { kind: 'kill', by: 'a person' }).catch(() => {});
    // a person who sees that it does not end wishes it once more
    if (insists || this.#dice.chance(0.3)) {
      this.#world.time.after(insists ? 10 * minute : this.#dice.wide(minute, 2 * hour), () => {
        if (core.life.isDead) return;
        void core.engine.tell(uuid, { kind: 'kill', by: 'a person' }).catch(() => {});
      });
    }
  }

  #tell(
    core: RunningCore,
    uuid: Uuid,
    kind: 'pause' | 'play' | 'retry-now' | 'look-again' | 'assume-lost' | 'kill',
  ): void {
    if (kind === 'kill') {
      this.#kill(core, uuid);
      return;
    }
    this.#urge();
    this.#world.chronicle.note('person', `says ${kind} to ${uuid}`);
    if (kind === 'assume-lost') this.#world.chronicle.givenUpByPerson.add(uuid);
    void core.engine.tell(uuid, { kind }).catch(() => {});
  }

  #urge(): void {
    this.urges.push(this.#world.time.now());
  }

  // ------------------------------------------------------------------------------------ lives of the core

  #boot(): void {
    this.#closing = null;
    this.#urge();
    this.#world.start();
    if (!this.#active) this.letGo();
  }

  #sleep(core: RunningCore): boolean {
    const world = this.#world;
    world.chronicle.note('laptop', 'falls asleep');
    core.life.sleep();
    if (this.#dice.chance(0.7)) for (const cluster of world.clusters) cluster.cut();
    world.time.after(this.#dice.wide(minute, 5 * hour), () => {
      if (!core.life.isDead) this.#wake(core);
    });
    return true;
  }

  #wake(core: RunningCore): void {
    if (!core.life.isAsleep) return;
    this.#world.chronicle.note('laptop', 'wakes up');
    this.#urge();
    core.life.wake();
    core.computers.wake();
  }

  #quit(core: RunningCore): boolean {
    const world = this.#world;
    world.chronicle.note('person', 'quits');
    this.#closing = core;
    const begun = world.time.now();
    const end = (): void => {
      if (core.life.isDead) return;
      if (world.time.now() - begun > 10 * minute) {
        world.chronicle.broken('defect', 'Quitting took more than ten minutes.');
      }
      core.computers.close();
      world.bury(core);
      this.#later(core, this.#dice.wide(1000, 3 * hour));
    };
    core.engine.stop().then(end, (error: unknown) => {
      world.chronicle.broken('defect', `Quitting failed: ${String(error)}`);
    });
    world.time.after(30 * minute, () => {
      if (this.#closing === core && !core.life.isDead) end();
    });
    return true;
  }

  /** The core dies inside whatever it does next. */
  #killSoon(core: RunningCore, points: number, power: boolean): void {
    core.life.killAfter(points, (where) => this.#died(core, where, power));
  }

  #died(core: RunningCore, where: string, power: boolean): void {
    const world = this.#world;
    world.chronicle.count(power ? 'power cuts' : 'kills');
    world.chronicle.count(`killed ${where}`);
    world.chronicle.note('laptop', `${power ? 'loses its power' : 'kills the core'} ${where}`);
    world.bury(core);
    world.time.after(0, () => {
      world.closeStore(core);
      if (power && world.disk.powerCut((count) => this.#dice.whole(0, count - 1))) {
        world.chronicle.note('laptop', 'has lost commits');
      }
      this.#later(null, this.#dice.wide(1000, hour));
    });
  }

  #later(core: RunningCore | null, ms: number): void {
    const world = this.#world;
    world.time.after(0, () => {
      if (core !== null) world.closeStore(core);
      world.onStopped();
    });
    world.time.after(this.#active ? ms : 1000, () => this.#boot());
  }

  #weather(): void {
    this.#turn(this.#dice.chance(this.#world.scenario.fairShare));
  }

  #turn(fair: boolean): void {
    const world = this.#world;
    world.fair = fair;
    world.chronicle.note('world', world.fair ? 'fair weather' : 'foul weather');
    for (const [index, cluster] of world.clusters.entries()) {
      const place = world.scenario.places[index];
      if (place !== undefined) cluster.faults = world.fair ? noFaults : place.faults;
    }
  }
}

/** The core may die at what is asked of it. */
function mayDie(ask: () => void): void {
  try {
    ask();
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
}

export const waitsForPerson = (state: RunState): boolean =>
  (state.kind === 'job' && state.lost !== null) ||
  (state.kind === 'workflow' && state.changed !== null) ||
  isElsewhere(state) ||
  asks(state) ||
  state.retry?.needsPerson === true;

/** It has asked, and nobody has answered. */
const asks = (state: RunState): state is WorkflowState =>
  state.kind === 'workflow' && !state.killing && Object.keys(state.questions ?? {}).length > 0;

/**
 * A process of another login node, of which this one can only say that it left no note of its end, and which it cannot
 * end, whether a person or a rule wished that: whoever sees it kills it, and once more.
 */
const isElsewhere = (state: RunState): boolean =>
  state.kind === 'job' &&
  (state.facts?.schedulerState === 'elsewhere' ||
    (state.phase === 'run' && state.retry?.code === 'other-login-node'));
