/**
 * Makes the bundled demo project, `resources/demo/demo.aiida`: equations of state of four elements, the bands of silicon,
 * one job that ran out of walltime and was mended, one workflow that stayed failed. Everything follows from formulas in
 * `scripts/demo/`; run it again after changing them: `node scripts/make-demo.ts [FILE]`.
 */
import { resolve } from 'node:path';
import { writeDraft } from './demo/draft.ts';
import { study } from './demo/study.ts';

const file = process.argv[2] ?? resolve(import.meta.dirname, '../resources/demo/demo.aiida');
const draft = study();
await writeDraft(draft, file);
console.log(`${file}: ${draft.nodes.length} nodes, ${draft.links.length} links`);
