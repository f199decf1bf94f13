import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jobResources } from '#main/computers/schedulers/resources.ts';

describe('resources', () => {
  test.each([
    [{ num_machines: 1 }, null, [1, 1, 1, null]],
    [{ num_machines: 2 }, 8, [2, 8, 16, null]],
    [{ num_machines: 2, num_mpiprocs_per_machine: 4 }, 8, [2, 4, 8, null]],
    [{ num_machines: 2, tot_num_mpiprocs: 8 }, null, [2, 4, 8, null]],
    [{ num_machines: 1, tot_num_mpiprocs: 6, num_cores_per_mpiproc: 2 }, null, [1, 6, 6, 2]],
    [{ num_machines: 1, num_mpiprocs_per_machine: 4, num_cores_per_machine: 16 }, null, [1, 4, 4, 4]],
  ] as const)('%o are filled in', (asked, defaultMpiprocs, [machines, each, total, cores]) => {
    expect(jobResources(asked, defaultMpiprocs)).toEqual({
      machines,
      mpiprocsPerMachine: each,
      totalMpiprocs: total,
      coresPerMpiproc: cores,
    });
  });

  test.each([
    { num_machines: 2, num_mpiprocs_per_machine: 4, tot_num_mpiprocs: 9 },
    { num_machines: 3, tot_num_mpiprocs: 8 },
    { num_machines: 1, num_mpiprocs_per_machine: 4, num_cores_per_machine: 6 },
    { num_machines: 1, num_mpiprocs_per_machine: 4, num_cores_per_machine: 8, num_cores_per_mpiproc: 3 },
  ])('%o contradict each other', (asked) => {
    expect(() => jobResources(asked, null)).toThrow(expect.objectContaining({ code: 'bad-resources' }));
  });

  test('are whole numbers that multiply, or an error', () => {
    const count = fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined });
    const asked = fc.record({
      num_machines: fc.integer({ min: 1, max: 64 }),
      num_mpiprocs_per_machine: count,
      tot_num_mpiprocs: count,
      num_cores_per_machine: count,
      num_cores_per_mpiproc: count,
    });
    fc.assert(
      fc.property(asked, (wish) => {
        let found;
        try {
          found = jobResources(wish, null);
        } catch {
          return;
        }
        expect(found.totalMpiprocs).toBe(found.machines * found.mpiprocsPerMachine);
        expect(Number.isInteger(found.mpiprocsPerMachine)).toBe(true);
        if (wish.tot_num_mpiprocs !== undefined) expect(found.totalMpiprocs).toBe(wish.tot_num_mpiprocs);
      }),
    );
  });
});
