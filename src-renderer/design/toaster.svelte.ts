import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';

export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'info';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void | Promise<void>;
}

/** A short message at the edge of the window; `details` opens behind it. */
export interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly text: string;
  readonly hint: string;
  readonly undo: (() => void | Promise<void>) | null;
  readonly action: ToastAction | null;
  readonly details: ErrorInfo | null;
}

export interface ToastRequest {
  readonly text: string;
  readonly tone?: Tone;
  readonly hint?: string;
  /** Offered as “Undo”, and taken by Ctrl+Z, while the toast stands. */
  readonly undo?: () => void | Promise<void>;
  readonly action?: ToastAction;
}

const shownAtOnce = 4;

/** The toasts of the window: what was just done, with Undo, and what failed. Errors stay until they are closed. */
export class Toaster {
  #toasts: readonly Toast[] = $state.raw([]);
  #nextId = 1;

  get toasts(): readonly Toast[] {
    return this.#toasts;
  }

  /** @returns takes it away again, when what it says or offers holds no longer */
  show({ text, tone = 'neutral', hint = '', undo, action }: ToastRequest): () => void {
    const id = this.#add({ tone, text, hint, undo: undo ?? null, action: action ?? null, details: null });
    return () => this.close(id);
  }

  /** For whatever was thrown by something that a person asked for. A cancelled wish needs no message. */
  fail(thrown: unknown): void {
    const details = errorInfo(thrown);
    if (details.code === 'cancelled') return;
    const subject = details.subject === undefined || details.message.includes(details.subject);
    const text = subject ? details.message : `${details.message} (${details.subject})`;
    this.#add({ tone: 'danger', text, hint: details.hint ?? '', undo: null, action: null, details });
  }

  close(id: number): void {
    this.#toasts = this.#toasts.filter((toast) => toast.id !== id);
  }

  /** Undoes what the newest toast offers to undo; whether there was one. */
  undoLast(): boolean {
    const toast = this.#toasts.findLast(({ undo }) => undo !== null);
    if (toast === undefined) return false;
    this.undo(toast);
    return true;
  }

  undo(toast: Toast): void {
    this.close(toast.id);
    Promise.resolve(toast.undo?.()).catch((thrown: unknown) => this.fail(thrown));
  }

  #add(toast: Omit<Toast, 'id'>): number {
    const id = this.#nextId++;
    this.#toasts = [...this.#toasts, { id, ...toast }].slice(-shownAtOnce);
    return id;
  }
}
