/**
 * A program of its own, because what it looks for ends the process: it starts threads that read a database and stops
 * each at a random moment, before, while and after the library of SQLite is loaded and while it is asked.
 * `node stop-while-reading.ts FILE RUNS SEED`
 */
import { startThread } from '#main/isolate/peer.ts';

const [file = '', runs = '0', seed = '1'] = process.argv.slice(2);

/** Park and Miller's generator. */
let state = Number(seed);
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;

/** A thread is up after about so long; learned from the first, because machines differ. */
async function comingUpMs(): Promise<number> {
  const began = performance.now();
  const peer = startThread('reader-worker', { file }, 'asked');
  const answered = new Promise<void>((resolve) => peer.onMessage(() => resolve()));
  const ended = new Promise<void>((resolve) => peer.onExit(() => resolve()));
  peer.post({ id: 1, method: 'none', input: {} });
  await answered;
  const ms = performance.now() - began;
  peer.kill();
  await ended;
  return ms;
}

const upMs = await comingUpMs();
for (let run = 0; run < Number(runs); run++) {
  const peer = startThread('reader-worker', { file }, 'asked');
  const ended = new Promise<void>((resolve) => peer.onExit(() => resolve()));
  for (let id = 1; id < 20; id++) peer.post({ id, method: 'none', input: {} });
  await new Promise((resolve) => setTimeout(resolve, random() * upMs * 1.3));
  peer.kill();
  await ended;
}
console.log(`${runs} threads were stopped`);
