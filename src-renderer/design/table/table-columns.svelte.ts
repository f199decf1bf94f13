import { recall, remember } from '../remember.ts';
import { arrange, isShown, parseLayout, plainLayout, type Column, type TableLayout } from './columns.ts';

/** The columns of one table as a person arranged them, kept on this machine under the table's name. */
export class TableColumns {
  readonly offered: readonly Column[];
  readonly #key: string;
  #layout: TableLayout;

  constructor(name: string, offered: readonly Column[]) {
    this.offered = offered;
    this.#key = `table.${name}`;
    this.#layout = $state.raw(recall(this.#key, parseLayout) ?? plainLayout);
  }

  get layout(): TableLayout {
    return this.#layout;
  }

  set layout(layout: TableLayout) {
    this.#layout = layout;
    remember(this.#key, layout);
  }

  readonly arranged = $derived.by(() => arrange(this.offered, this.layout));
  readonly visible = $derived.by(() => this.arranged.filter((column) => isShown(column, this.layout)));

  resetWidth(id: string): void {
    const { [id]: _gone, ...widths } = this.layout.widths;
    this.layout = { ...this.layout, widths };
  }

  reset(): void {
    this.layout = plainLayout;
  }
}
