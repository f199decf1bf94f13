import { createHash } from 'node:crypto';
import { Attempts } from './invariants/attempts.ts';
import { Cached } from './invariants/cached.ts';
import { Ends } from './invariants/ends.ts';
import { Executions } from './invariants/executions.ts';
import { Forgetting } from './invariants/forgetting.ts';
import { GivenUp } from './invariants/given-up.ts';
import { Iterations } from './invariants/iterations.ts';
import { Kills } from './invariants/kills.ts';
import { checkLiveness, mayWait } from './invariants/liveness.ts';
import { Politeness } from './invariants/politeness.ts';
import { ProfileCheck } from './invariants/profile-check.ts';
import { Questions } from './invariants/questions.ts';
import { judgeEnd } from './invariants/sealed.ts';
import { Stops } from './invariants/stops.ts';
import { Workflows } from './invariants/workflows.ts';
import { scenarioOf, type Scenario } from './scenario.ts';
import { Chronicle, type Violation } from './world/chronicle.ts';
import { Killed } from './world/life.ts';
import { Person, waitsForPerson } from './world/person.ts';
import type { ProfileDisk } from './world/profile.ts';
import { World } from './world/world.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A run that needs more is a storm of its own making. */
const mostEvents = 2_000_000;
/** And for each process that a scenario launches. */
const eventsOfOne = 2000;

export interface SeedReport {
  readonly seed: number;
  readonly violation: Violation | null;
  /** Over everything that happened. */
  readonly digest: string;
  readonly virtualMs: number;
  readonly events: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly last: readonly string[];
}

/** Runs one seed to its end, or to the first promise that is broken. */
export async function runSeed(
  seed: number,
  disk: ProfileDisk,
  show: ((line: string) => void) | null = null,
  scenario: Scenario = scenarioOf(seed),
): Promise<SeedReport> {
  const world = new World(scenario, (time) => new Chronicle(time, show), disk);
  const { chronicle, time } = world;
  const attempts = new Attempts();
  const executions = new Executions(world, attempts);
  const stops = new Stops(world);
  const { forgetsAfterMs } = scenario;
  const forgetting =
    forgetsAfterMs === null
      ? null
      : new Forgetting(world, attempts, forgetsAfterMs, (process) => executions.forget(process));
  const ends = new Ends(world, attempts, stops, (id, process) => {
    executions.noteEnd(process);
    forgetting?.note(id, process);
  });
  const cached = new Cached(world, attempts);
  const questions = new Questions(world);
  const kills = new Kills(world);
  const workflows = new Workflows(world);
  world.recollection.onCalled = (process, parameters) => workflows.onCalled(process, parameters);
  const judges = { cached, ends, kills, questions, workflows, iterations: new Iterations(world) };
  const givenUp = new GivenUp(world);
  const profile = new ProfileCheck(world);
  const person = new Person(world);
  const politeness = new Politeness(world, person);
  person.answers.onHeard = (heard) => questions.heard(heard);
  world.onCommit((committed) => {
    const { sealed, states } = committed;
    cached.learn(committed);
    for (const state of states) {
      const revived = attempts.learn(state);
      if (revived !== null) chronicle.broken('P3', `Process ${revived} goes on after its end was judged.`);
      givenUp.learn(state);
      stops.learn(state);
      questions.learn(state);
      kills.learn(state);
    }
    for (const id of sealed) judgeEnd(world, id, judges);
    world.progress += sealed.length;
  });
  let looked = 0;
  world.onStopped = () => {
    if (time.monotonic() < looked + scenario.checksEachMs) return;
    looked = time.monotonic();
    profile.look();
  };
  const lost = catchLost(chronicle, world);

  const look = (): void => {
    executions.look();
    politeness.look();
    forgetting?.look();
  };
  const limit = mostEvents + eventsOfOne * scenario.mostLaunches;
  const stop = (): boolean => chronicle.violation !== null;
  const until = async (ms: number): Promise<void> => {
    await time.run(
      time.now() + ms,
      () => {
        look();
        if (time.events > limit) chronicle.broken('liveness', `More than ${limit} events happened.`);
      },
      stop,
    );
  };

  try {
    person.begin();
    await until(scenario.activeMs);
    person.rest();
    await until(hour);
    person.letGo();
    await untilAtRest(world, until, stop);
    if (!stop()) checkLiveness(world, false);
    await decideAll(world, person, until, stop);
    await until(hour);
    if (!stop()) {
      checkLiveness(world, true);
      ends.atRest();
    }
    const { core } = world;
    if (core !== null) {
      world.bury(core);
      await until(0);
      world.closeStore(core);
    }
    if (!stop()) profile.look();
  } catch (error) {
    chronicle.broken('defect', error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    lost();
  }
  for (const { truth } of world.clusters) chronicle.count('job ids used again', truth.idsUsedAgain);
  return {
    seed,
    violation: chronicle.violation,
    digest: createHash('sha256').update(chronicle.digest()).digest('hex'),
    virtualMs: time.monotonic(),
    events: time.events,
    counts: chronicle.counts,
    last: chronicle.last(400),
  };
}

/** Until everything has ended or waits for a person; or until nothing has got on for a day, which is to be judged. */
async function untilAtRest(
  world: World,
  until: (ms: number) => Promise<void>,
  stop: () => boolean,
): Promise<void> {
  for (let quiet = 0; quiet < day && !stop();) {
    const { core } = world;
    if (core !== null && [...core.engine.states()].every((state) => mayWait(world, state))) return;
    const before = world.progress;
    await until(hour);
    quiet = world.progress === before ? quiet + hour : 0;
  }
}

/** The person decides until nothing waits any more; each decision may lead to another. */
async function decideAll(
  world: World,
  person: Person,
  until: (ms: number) => Promise<void>,
  stop: () => boolean,
): Promise<void> {
  for (let round = 0; round < 12 && !stop(); round++) {
    const { core } = world;
    if (core === null) return;
    const waiting = [...core.engine.states()].filter(waitsForPerson);
    if (waiting.length === 0) return;
    for (const state of waiting) person.decide(core, state);
    await until(hour);
    await untilAtRest(world, until, stop);
  }
}

/** What nobody has caught would have ended the real process. */
function catchLost(chronicle: Chronicle, world: World): () => void {
  const onLost = (reason: unknown): void => {
    if (reason instanceof Killed || world.core === null) return;
    const words = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    chronicle.broken('defect', `Nobody caught: ${words}`);
  };
  process.on('unhandledRejection', onLost);
  process.on('uncaughtException', onLost);
  return () => {
    process.off('unhandledRejection', onLost);
    process.off('uncaughtException', onLost);
  };
}
