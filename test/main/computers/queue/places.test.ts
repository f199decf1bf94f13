import { describe, expect, test } from 'vitest';
import { seededRandom } from '#shared/base/random.ts';
import { Places } from '#main/computers/queue/places.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const minute = 60_000;
const never = new AbortController().signal;

function setUp(limit: number | null = null) {
  const clock = new VirtualClock();
  const settings = { limit };
  const places = new Places({
    clock,
    random: seededRandom(1),
    label: () => 'granite',
    limit: () => settings.limit,
  });
  return { clock, places, settings };
}

/** A fake site that takes so many jobs, each of which ends after a while; and an engine with jobs for it. */
function site(clock: VirtualClock, places: Places, takes: () => number, lastsMs: number) {
  const queue = new Set<string>();
  const counts = { asked: 0, most: 0, done: 0 };
  const submit = async (token: string): Promise<boolean> => {
    if (places.begin(token) !== null) return false;
    counts.asked++;
    await new Promise<void>((resolve) => clock.after(200, resolve));
    if (queue.size >= takes()) {
      places.refused(token, 'QOSMaxSubmitJobPerUserLimit');
      return false;
    }
    queue.add(token);
    counts.most = Math.max(counts.most, queue.size);
    places.keep(token);
    places.watched(token);
    clock.after(lastsMs, () => {
      queue.delete(token);
      counts.done++;
      places.release(token);
    });
    return true;
  };
  const run = async (token: string): Promise<void> => {
    if (places.claim(token) === null && (await submit(token))) return;
    do await places.wait(token, never);
    while (!(await submit(token)));
  };
  return { counts, run, queue };
}

describe('places in the queue of a computer', () => {
  test('are as many as the person has set; the others wait, say so, and come in their order', async () => {
    const { clock, places, settings } = setUp(2);
    expect([places.claim('a'), places.claim('b')]).toEqual([null, null]);
    expect(places.claim('c')).toBe('2 of 2 jobs of granite are in its queue');
    const order: string[] = [];
    for (const token of ['c', 'd', 'e']) void places.wait(token, never).then(() => order.push(token));
    await clock.advance(1);
    // a newcomer does not overtake
    places.release('a');
    await clock.advance(1);
    expect(order).toEqual(['c']);
    expect(places.state).toEqual({ waiting: 2, words: '2 of 2 jobs of granite are in its queue' });
    settings.limit = 4;
    places.tryNow();
    await clock.advance(1);
    expect(order).toEqual(['c', 'd', 'e']);
    expect(places.state).toBeNull();
  });

  test('are given up by who goes away while waiting, or never comes back', async () => {
    const { clock, places } = setUp(1);
    places.claim('a');
    const abort = new AbortController();
    const gone = places.wait('b', abort.signal).catch((thrown: Error) => thrown.message);
    let placed = false;
    void places.wait('c', never).then(() => (placed = true));
    await clock.advance(1);
    abort.abort(new Error('killed'));
    expect(await gone).toBe('killed');
    expect(placed).toBe(false);
    // `a` was given a place and never submitted: paused, or killed
    await clock.advance(4 * minute);
    expect(placed).toBe(true);
  });

  test('a site with a limit of 20 is not asked more than once for each place and now and then by 500 jobs', async () => {
    const { clock, places } = setUp();
    const { counts, run } = site(clock, places, () => 20, 30 * minute);
    const all = Promise.all(Array.from({ length: 500 }, (_, index) => run(`t${index}`)));
    await clock.advance(2 * minute);
    expect(places.state?.words).toMatch(
      /^granite takes no more jobs now \(20 of ours are in its queue\): QOSMaxSubmit/,
    );
    // those that were under way when the first was refused have asked for themselves
    const first = counts.asked;
    await clock.advance(20 * minute);
    expect(counts.asked - first).toBeLessThan(8);
    for (let hours = 0; hours < 40 && counts.done < 500; hours++) await clock.advance(60 * minute);
    await all;
    expect([counts.done, counts.most]).toEqual([500, 20]);
    expect(counts.asked - first).toBeLessThan(480 * 1.3);
  });

  test('a limit that was somebody else’s is found to be over by one job that tries', async () => {
    const { clock, places } = setUp();
    let takes = 0;
    const { counts, run } = site(clock, places, () => takes, 60 * minute);
    const all = Promise.all(Array.from({ length: 30 }, (_, index) => run(`t${index}`)));
    await clock.advance(8 * 60 * minute);
    const tries = counts.asked - 30;
    expect(tries).toBeGreaterThan(40);
    expect(tries).toBeLessThan(60);
    takes = 100;
    await clock.advance(15 * minute);
    await all;
    expect(counts.most).toBe(30);
  });

  test('a trier that fails to reach the site lets another try', async () => {
    const { clock, places } = setUp();
    places.claim('a');
    places.begin('a');
    places.refused('a', 'full');
    const order: string[] = [];
    for (const token of ['a', 'b']) void places.wait(token, never).then(() => order.push(token));
    await clock.advance(2 * minute);
    expect(order).toEqual(['a']);
    expect(places.begin('a')).toBeNull();
    places.failed('a');
    await clock.advance(3 * minute);
    expect(order).toEqual(['a', 'b']);
    expect(clock.due.length).toBeLessThan(3);
  });
});
