import { closeSync, openSync, writeSync } from 'node:fs';
import { entity, type Entity } from './entity.ts';

/**
 * RO-Crate 1.1 terms and the few of https://w3id.org/ro/terms/workflow-run that are used here, spelled out so that a
 * reader needs no second context.
 */
const context = [
  'https://w3id.org/ro/crate/1.1/context',
  {
    sha256: 'http://schema.org/sha256',
    resourceUsage: 'https://w3id.org/ro/terms/workflow-run#resourceUsage',
  },
] as const;

/** Writes `ro-crate-metadata.json` entity by entity, each `@id` once: a graph of a large study is not held in memory. */
export class GraphFile {
  readonly #fd: number;
  readonly #ids = new Set<string>();
  #waiting: string[] = [];

  constructor(file: string) {
    this.#fd = openSync(file, 'wx', 0o600);
    this.#waiting.push(`{"@context": ${JSON.stringify(context)},\n"@graph": [\n`);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(one: Entity): void {
    const id = one['@id'];
    if (this.#ids.has(id)) return;
    this.#waiting.push(`${this.#ids.size === 0 ? '' : ',\n'}${JSON.stringify(entity(one))}`);
    this.#ids.add(id);
    if (this.#waiting.length > 500) this.#flush();
  }

  end(): void {
    this.#waiting.push('\n]}\n');
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    writeSync(this.#fd, this.#waiting.join(''));
    this.#waiting = [];
  }
}
