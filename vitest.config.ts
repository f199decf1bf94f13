import { defineConfig } from 'vitest/config';

// No test has a time limit of its own: these only end a test that hangs. Without one of its own,
// `expect.poll` would give up after a second, which a busy machine needs for one tick of a clock.
const common = {
  environment: 'node',
  pool: 'forks',
  setupFiles: 'test/support/seed.ts',
  // no test may wait because the disk of the machine is nearly full
  env: { STEMMA_DISK_WATCH: 'off' },
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 120_000 } },
} as const;

// Projects by what they need: nothing, a real sshd and Slurm, a real Chromium, a real AiiDA.
export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/peers/**', 'test/e2e/**', 'test/bench/**'],
        },
      },
      {
        test: {
          ...common,
          name: 'cluster',
          include: ['test/peers/cluster/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
        },
      },
      {
        test: {
          ...common,
          name: 'aiida',
          include: ['test/peers/aiida/**/*.test.ts', 'test/peers/rocrate/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          ...common,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // a window waits more than it works: two files share two cores well
          maxWorkers: 2,
          testTimeout: 600_000,
        },
      },
    ],
  },
});
