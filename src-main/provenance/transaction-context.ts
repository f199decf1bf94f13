import type { UserId } from '#shared/provenance/ids.ts';
import { ChangeCollector } from './change-collector.ts';

/** What the two halves of a transaction share: what it touches, and by whom everything new is made. */
export class TransactionContext {
  user: UserId;
  #changes: ChangeCollector | null = null;

  constructor(user: UserId) {
    this.user = user;
  }

  get isOpen(): boolean {
    return this.#changes !== null;
  }

  /** @throws where no transaction is open: a `tx` was kept beyond its `work` */
  get changes(): ChangeCollector {
    if (this.#changes === null) throw new Error('This transaction has ended.');
    return this.#changes;
  }

  begin(): ChangeCollector {
    this.#changes = new ChangeCollector();
    return this.#changes;
  }

  end(): void {
    this.#changes = null;
  }
}
