import { describe, expect, it } from 'vitest';
import { coreExitCodes } from '#shared/process/exit-codes.ts';

/** aiida-core 2.9: `engine/processes/process.py`, `engine/processes/calcjobs/calcjob.py`. */
const ofAiida: Readonly<Record<string, number>> = {
  ERROR_UNSPECIFIED: 1,
  ERROR_LEGACY_FAILURE: 2,
  ERROR_INVALID_OUTPUT: 10,
  ERROR_MISSING_OUTPUT: 11,
  ERROR_NO_RETRIEVED_FOLDER: 100,
  ERROR_SCHEDULER_OUT_OF_MEMORY: 110,
  ERROR_SCHEDULER_OUT_OF_WALLTIME: 120,
  ERROR_SCHEDULER_INVALID_ACCOUNT: 131,
  ERROR_SCHEDULER_NODE_FAILURE: 140,
  STOPPED_BY_MONITOR: 150,
  ERROR_STASHING_FAILED: 160,
};

describe('the exit codes that every process has', () => {
  const codes = Object.values(coreExitCodes);

  it('have the numbers that AiiDA gives them', () => {
    const byLabel = new Map(codes.map(({ label, status }) => [label, status]));
    for (const [label, status] of Object.entries(ofAiida)) expect(byLabel.get(label), label).toBe(status);
  });

  it('add of their own only what AiiDA has no number for', () => {
    const own = codes.filter(({ label }) => ofAiida[label] === undefined).map(({ status }) => status);
    expect(own).toEqual([141, 142]);
    expect(Object.values(ofAiida).filter((status) => own.includes(status))).toEqual([]);
  });

  it('keep a failed result out of caching, as in AiiDA', () => {
    expect(codes.every(({ invalidatesCache }) => invalidatesCache)).toBe(true);
  });
});
