import type { SeedReport } from './run-seed.ts';

/** What many seeds did together. */
export class Totals {
  seeds = 0;
  virtualMs = 0;
  events = 0;
  readonly counts = new Map<string, number>();
  readonly #started = performance.now();

  add({ virtualMs, events, counts }: SeedReport): void {
    this.seeds++;
    this.virtualMs += virtualMs;
    this.events += events;
    for (const [kind, count] of counts) this.counts.set(kind, (this.counts.get(kind) ?? 0) + count);
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** One line. */
  get words(): string {
    const { seeds, seconds } = this;
    const days = this.virtualMs / 86_400_000;
    const count = (kind: string): number => this.counts.get(kind) ?? 0;
    return (
      `${seeds} seeds in ${seconds.toFixed(1)} s (${(seeds / seconds).toFixed(1)} a second), ` +
      `${days.toFixed(0)} virtual days, ${this.events} events, ${count('executions')} jobs, ` +
      `${count('kills')} kills, ${count('power cuts')} power cuts`
    );
  }

  /** Everything that happened, by kind, many to a line. */
  get table(): string {
    const items = [...this.counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, count]) => `${kind} ${count}`);
    const lines: string[] = [];
    let line = '';
    for (const item of items) {
      if (line.length + item.length > 110) {
        lines.push(line);
        line = '';
      }
      line += line === '' ? `  ${item}` : `, ${item}`;
    }
    return [...lines, line].join('\n');
  }
}
