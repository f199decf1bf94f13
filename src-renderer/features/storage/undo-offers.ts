/** Toasts that offer an undo: one that can no longer be had is offered no longer. */
export class UndoOffers {
  readonly #close = new Map<string, () => void>();

  /** @param close takes the toast away that offers to undo what has this UUID */
  add(uuid: string, close: () => void): void {
    this.#close.set(uuid, close);
  }

  /** @param uuids null for all */
  withdraw(uuids: readonly string[] | null): void {
    for (const uuid of uuids ?? [...this.#close.keys()]) {
      this.#close.get(uuid)?.();
      this.#close.delete(uuid);
    }
  }
}
