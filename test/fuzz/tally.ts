import { layers, type Layer } from './draft.ts';
import type { Shot } from './hunt.ts';
import type { StepReport } from './victim.ts';

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What came of the mutants of one layer. */
interface LayerTally {
  mutants: number;
  findings: number;
  imported: number;
  /** Opened for a look, and not imported. */
  onlyOpened: number;
  /** By the code of the first thing that was refused. */
  readonly refused: Map<string, number>;
  slowest: { readonly ms: number; readonly step: string };
  peak: number;
}

const wentWell = (steps: readonly StepReport[], name: string): boolean =>
  steps.some(({ step, error }) => step === name && error === null);

/** What a run has seen, in numbers: an idle fuzzer is seen, too. */
export class Tally {
  #read = { nodes: 0, files: 0, arrays: 0 };
  readonly #layers = new Map<Layer, LayerTally>();
  readonly #outcomes = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  readonly #versions = new Map<string, number>();

  add({ mutant, done, outcome }: Shot): void {
    const layer = this.#of(mutant.layer);
    layer.mutants++;
    layer.findings += outcome.findings.length > 0 ? 1 : 0;
    layer.peak = Math.max(layer.peak, outcome.peak);
    count(this.#versions, mutant.source.version);
    for (const name of done) count(this.#faults, name);
    const steps = outcome.report?.steps ?? [];
    if (wentWell(steps, 'import')) layer.imported++;
    else if (wentWell(steps, 'open')) layer.onlyOpened++;
    const refusal = steps.find(({ step, error }) => step !== 'prime' && error !== null)?.error;
    if (refusal !== undefined && refusal !== null) count(layer.refused, refusal.code);
    for (const { step, error, ms } of steps) {
      const shown = step.replace(/ of .*| in .*/, '');
      if (ms > layer.slowest.ms) layer.slowest = { ms, step: shown };
      count(this.#outcomes, `${shown}: ${error?.code ?? 'well'}`);
    }
    if (outcome.report !== null) {
      const { nodes, files, arrays } = outcome.report.read;
      this.#read = {
        nodes: this.#read.nodes + nodes,
        files: this.#read.files + files,
        arrays: this.#read.arrays + arrays,
      };
    }
  }

  get line(): string {
    const all = [...this.#layers.values()];
    const sum = (of: (one: LayerTally) => number): number => all.reduce((total, one) => total + of(one), 0);
    const most = (of: (one: LayerTally) => number): number => Math.max(0, ...all.map(of));
    const { nodes, files, arrays } = this.#read;
    const each = [...this.#layers].map(([layer, { mutants }]) => `${mutants} ${layer}`).join(', ');
    return (
      `${sum((one) => one.mutants)} mutants (${each}), ${sum((one) => one.findings)} findings; at most ` +
      `${mb(most((one) => one.peak))} in all processes together, slowest step ${seconds(most((one) => one.slowest.ms))}; ` +
      `looked at ${nodes} nodes, ${files} files, ${arrays} arrays`
    );
  }

  /** A line for each layer. */
  get summary(): string {
    return layers
      .flatMap((name) => {
        const layer = this.#layers.get(name);
        if (layer === undefined) return [];
        const { mutants, imported, onlyOpened, refused, slowest, peak, findings } = layer;
        const codes = [...refused]
          .toSorted(([, a], [, b]) => b - a)
          .map(([code, times]) => `${times} ${code}`);
        return [
          `${name}: ${mutants} mutants, ${imported} imported, ${onlyOpened} only opened; ` +
            `something refused: ${codes.join(', ') || 'nothing'}; slowest ${seconds(slowest.ms)} (${slowest.step}), ` +
            `most memory ${mb(peak)}, ${findings} findings`,
        ];
      })
      .join('\n');
  }

  get table(): string {
    const lines = (title: string, counts: ReadonlyMap<string, number>): string[] => [
      title,
      ...[...counts]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, times]) => `  ${String(times).padStart(6)}  ${name}`),
    ];
    return [
      ...lines('Outcomes', this.#outcomes),
      ...lines('Faults', this.#faults),
      ...lines('Versions', this.#versions),
    ].join('\n');
  }

  #of(name: Layer): LayerTally {
    const there = this.#layers.get(name);
    if (there !== undefined) return there;
    const layer: LayerTally = {
      mutants: 0,
      findings: 0,
      imported: 0,
      onlyOpened: 0,
      refused: new Map(),
      slowest: { ms: 0, step: 'none' },
      peak: 0,
    };
    this.#layers.set(name, layer);
    return layer;
  }
}

const count = (counts: Map<string, number>, key: string): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);
