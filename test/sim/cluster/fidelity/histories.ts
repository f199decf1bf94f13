import type { Random } from '#shared/base/random.ts';
import type { Canned, Side } from './both-sides.ts';

export const token = 'tabcdefghij01234';
const jobId = '4711';

export const pick = <T>(random: Random, ...choices: readonly T[]): T =>
  choices[Math.floor(random.next() * choices.length)] as T;

const done = (id: string, rc: string): string =>
  `rc=${rc}\njob=${id}\nstart=1767225603\nend=1767228969\nhost=node0001\n`;

const said: readonly Canned[] = [
  { out: '4711\n', err: '', rc: 0 },
  {
    out: '',
    err: 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n',
    rc: 1,
  },
  {
    out: '',
    err: 'sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy\n',
    rc: 1,
  },
  { out: '', err: 'sbatch: error: invalid account\n', rc: 1 },
  { out: 'a notice of the site\n4711\n', err: 'warning: & \\ /\n', rc: 0 },
  { out: '4711\n', err: 'sbatch: error: something after it\n', rc: 3 },
  { out: 'no id', err: '', rc: 0 },
  { out: `${'x'.repeat(5000)}\n`, err: '', rc: 0 },
  { out: '', err: 'sbatch: command not found\n', rc: 127 },
];

export const sbatchSays = (random: Random): Canned => pick(random, ...said);

/** What may have happened to the directory of an attempt before somebody looks. */
export interface History {
  readonly words: string;
  apply(side: Side, directory: string, alive: string): void;
}

type Write = (name: string, text: string) => void;

/** Draws one. Every part is drawn by itself, so that also what should never be is tried. */
export function drawHistory(random: Random): History {
  const there = random.next() < 0.93;
  const begun = random.next() < 0.6;
  const begin = pick(random, 'none', 'alive', 'dead', 'elsewhere', 'old');
  const receipt = pick(random, 'none', 'none', 'out only', 'whole', 'whole', 'whole', 'rc only');
  const receiptSays = sbatchSays(random);
  const fence = pick(random, 'none', 'none', 'own', 'other', 'revoked', 'empty');
  const note = pick(random, 'none', 'none', 'own', 'other', 'garbled', 'cut');
  const cancelled = random.next() < 0.2;
  const strange = pick(random, 'nothing', 'nothing', 'nothing', 'submit is a file', 'lock', 'leftovers');
  const words = JSON.stringify({
    there,
    begun,
    begin,
    receipt,
    receiptSays,
    fence,
    note,
    cancelled,
    strange,
  });
  return {
    words,
    apply(side, directory, alive) {
      if (!there) return;
      side.makeFolder(directory);
      const write: Write = (name, text) => side.write(`${directory}/${name}`, text);
      if (begun) side.makeFolder(`${directory}/.submit`);
      if (begun && begin !== 'none') write('.submit/begin', beginLine(begin, side, alive));
      if (begun) writeReceipt(write, receipt, receiptSays);
      const inFence = { own: jobId, other: '4712', revoked: `revoked-${token}`, empty: '', none: null }[
        fence
      ];
      if (inFence !== null) write('.run', inFence);
      if (inFence !== null && inFence !== '') write(`.run.${inFence}`, inFence);
      const inNote = {
        own: done(jobId, '3'),
        other: done('4712', '0'),
        garbled: 'rc=\n\n',
        cut: 'rc=0\njob=4711',
        none: null,
      };
      if (inNote[note] !== null) write('.done', inNote[note]);
      if (cancelled) write('.cancelled', '');
      if (strange === 'submit is a file' && !begun) write('.submit', 'not a folder');
      if (strange === 'lock') side.makeFolder(`${directory}/.run.lock`);
      if (strange === 'leftovers') write('.submit.error', 'old\n');
    },
  };
}

function beginLine(kind: 'alive' | 'dead' | 'elsewhere' | 'old', side: Side, alive: string): string {
  const now = Math.floor(Date.now() / 1000);
  switch (kind) {
    case 'alive':
      return `${token} ${side.host} ${alive} ${now}\n`;
    case 'dead':
      return `${token} ${side.host} 99999999 ${now}\n`;
    case 'elsewhere':
      return `${token} another-login ${alive} ${now}\n`;
    case 'old':
      return `${token} ${side.host} ${alive} ${now - 100_000}\n`;
  }
}

function writeReceipt(write: Write, receipt: string, { out, err, rc }: Canned): void {
  if (receipt === 'none') return;
  if (receipt !== 'rc only') write('.submit/out', out);
  if (receipt === 'whole') write('.submit/err', err);
  if (receipt !== 'out only') write('.submit/rc', `${rc}\n`);
}
