import { describe, expect, test } from 'vitest';
import { Deadlines, PatientTransport } from '#main/computers/connection/deadlines.ts';
import { silent } from '#main/computers/shell/remote-errors.ts';
import type { ExecRequest, Transport } from '#main/computers/transport.ts';

const minute = 60_000;

/** A fake computer that takes so long for every command, and whose link gives up after the silence that it is given. */
function slow(takesMs: () => number): { transport: PatientTransport; waits: number[] } {
  const waits: number[] = [];
  const inner = {
    type: 'core.ssh',
    exec: async ({ what, silenceMs = 0 }: ExecRequest) => {
      waits.push(silenceMs);
      if (takesMs() > silenceMs) throw silent(what, silenceMs);
      return { ms: takesMs(), exitCode: 0, stdout: '', bytes: new Uint8Array(0), stderr: '', noise: '' };
    },
  } as unknown as Transport;
  return { transport: new PatientTransport(inner, new Deadlines()), waits };
}

const ask = (transport: Transport, what = 'the list of jobs', silenceMs?: number): Promise<string> =>
  transport.exec({ what, script: 'squeue', ...(silenceMs !== undefined && { silenceMs }) }).then(
    () => 'answered',
    (thrown: { code: string }) => thrown.code,
  );

describe('how long a computer is waited for', () => {
  test('is a minute, or what the question allows for, until it is known to be slow', async () => {
    const { transport, waits } = slow(() => 900);
    await ask(transport);
    await ask(transport, 'the submission', 5 * minute);
    await ask(transport);
    expect(waits).toEqual([minute, 5 * minute, minute]);
  });

  test('is four times what nearly all answers took', async () => {
    let ms = 30_000;
    const { transport, waits } = slow(() => ms);
    for (let round = 0; round < 40; round++) await ask(transport);
    expect(waits.at(-1)).toBe(2 * minute);
    // one that was much slower changes nothing, and other questions are other questions
    ms = 100_000;
    await ask(transport);
    ms = 30_000;
    await ask(transport);
    expect(waits.at(-1)).toBe(2 * minute);
    await ask(transport, 'accounting');
    expect(waits.at(-1)).toBe(minute);
  });

  test('grows with each silence, so that a login node that has become slow is heard after all', async () => {
    const { transport, waits } = slow(() => 7 * minute);
    const answers = [await ask(transport), await ask(transport), await ask(transport)];
    expect(answers).toEqual(['timeout', 'timeout', 'answered']);
    expect(waits).toEqual([minute, 4 * minute, 16 * minute]);
  });

  test('ends somewhere', async () => {
    const { transport, waits } = slow(() => 10 * 3600_000);
    for (let round = 0; round < 10; round++) await ask(transport);
    expect(waits.at(-1)).toBe(20 * minute);
  });
});
