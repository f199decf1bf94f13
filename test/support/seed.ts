import fc from 'fast-check';

/**
 * What tests draw their random cases from. The same in each run, so that a run says the same of the same sources twice;
 * `STEMMA_SEED=random` looks for what no run has met yet, and `STEMMA_SEED=NUMBER` meets it again.
 */
export const seed = seedOf(process.env['STEMMA_SEED'] ?? '');

function seedOf(named: string): number {
  if (named === 'random') return Date.now() % 2 ** 31;
  return named === '' ? 20_261_122 : Number(named);
}

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
