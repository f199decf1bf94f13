import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureArchives, type ArchiveRates } from './archive-rates.ts';
import { writeBigArchive } from './big-archive.ts';
import { report, sized } from './measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'stemma-bench-'));
try {
  const file = join(folder, 'big.aiida');
  await writeBigArchive(file, sized(20_000, 300));
  const runs: ArchiveRates[] = [];
  for (let run = 0; run < sized(3, 1); run++) runs.push(await measureArchives(file));
  const of = (key: keyof ArchiveRates): number[] => runs.map((rates) => rates[key]);
  const size = `of ${runs[0]?.nodes ?? 0} nodes`;
  const rate = { unit: 'nodes/s', better: 'more' } as const;
  report({ ...rate, name: `preview of an import ${size}`, samples: of('previewNodesPerSecond') });
  report({ ...rate, name: `import ${size}`, samples: of('importNodesPerSecond') });
  report({ ...rate, name: `export ${size}`, samples: of('exportNodesPerSecond') });
  const time = { unit: 'ms', better: 'less' } as const;
  report({ ...time, name: 'archives: longest block of the main event loop', samples: of('longestBlockMs') });
  report({ ...time, name: 'archives: longest gap, other programs included', samples: of('longestGapMs') });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
