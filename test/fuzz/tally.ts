import type { Shot } from './hunt.ts';

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** What a run has seen, in numbers: an idle fuzzer is seen, too. */
export class Tally {
  #mutants = 0;
  #findings = 0;
  #peak = 0;
  #slowest = 0;
  #read = { nodes: 0, files: 0, arrays: 0 };
  readonly #outcomes = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  readonly #layers = new Map<string, number>();

  add({ mutant, done, outcome }: Shot): void {
    this.#mutants++;
    this.#findings += outcome.findings.length > 0 ? 1 : 0;
    this.#peak = Math.max(this.#peak, outcome.peak);
    count(this.#layers, mutant.layer);
    for (const name of done) count(this.#faults, name);
    for (const { step, error, ms } of outcome.report?.steps ?? []) {
      this.#slowest = Math.max(this.#slowest, ms);
      const shown = step.replace(/ of .*| in .*/, '');
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
    const { nodes, files, arrays } = this.#read;
    const layers = [...this.#layers].map(([layer, times]) => `${times} ${layer}`).join(', ');
    return (
      `${this.#mutants} mutants (${layers}), ${this.#findings} findings; at most ${mb(this.#peak)} in the main process, ` +
      `slowest step ${(this.#slowest / 1000).toFixed(1)} s; looked at ${nodes} nodes, ${files} files, ${arrays} arrays`
    );
  }

  get table(): string {
    const lines = (title: string, counts: ReadonlyMap<string, number>): string[] => [
      title,
      ...[...counts]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, times]) => `  ${String(times).padStart(6)}  ${name}`),
    ];
    return [...lines('Outcomes', this.#outcomes), ...lines('Faults', this.#faults)].join('\n');
  }
}

const count = (counts: Map<string, number>, key: string): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);
