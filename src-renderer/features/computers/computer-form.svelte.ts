import { SvelteSet } from 'svelte/reactivity';
import type { ComputerConfig } from '#shared/contract/areas/computers.ts';
import { checkDraft, type CheckedDraft, type Issues } from './check-draft.ts';
import type { ComputerDraft } from './computer-draft.ts';

/** The form of a computer while a person fills it in. What is wrong is said once the field was left, or all was asked for. */
export class ComputerForm {
  #start = $state('');
  readonly #taken: () => readonly string[];
  readonly #touched = new SvelteSet<string>();
  /** How often everything was asked for. */
  attempts = $state(0);
  /** What the core said, by field; gone when the field changes. */
  #refusals: Readonly<Record<string, { readonly message: string; readonly draft: string }>> = $state.raw({});
  draft: ComputerDraft = $state.raw({} as ComputerDraft);

  /** @param taken labels of the other computers */
  constructor(start: ComputerDraft, taken: () => readonly string[]) {
    this.draft = start;
    this.#start = JSON.stringify(start);
    this.#taken = taken;
  }

  readonly #checked: CheckedDraft = $derived.by(() => checkDraft(this.draft, this.#taken()));

  get config(): ComputerConfig | null {
    return this.#checked.config;
  }

  get issues(): Issues {
    return this.#checked.issues;
  }

  get dirty(): boolean {
    return JSON.stringify(this.draft) !== this.#start;
  }

  set(changes: Partial<ComputerDraft>): void {
    this.draft = { ...this.draft, ...changes };
  }

  touch(field: string): void {
    this.#touched.add(field);
  }

  /** From now on everything that is wrong is said. */
  showAll(): void {
    this.attempts++;
  }

  /** What is to be said at a field; empty where nothing is. */
  problem(field: string): string {
    const refusal = this.#refusals[field];
    if (refusal !== undefined && refusal.draft === JSON.stringify(this.draft)) return refusal.message;
    return this.attempts > 0 || this.#touched.has(field) ? (this.issues[field] ?? '') : '';
  }

  refuse(field: string, message: string): void {
    this.#refusals = { [field]: { message, draft: JSON.stringify(this.draft) } };
  }

  /** While it is stored there is nothing to lose. The function that it gives back says that it was not stored. */
  hold(): () => void {
    const before = this.#start;
    this.#start = JSON.stringify(this.draft);
    return () => (this.#start = before);
  }
}
