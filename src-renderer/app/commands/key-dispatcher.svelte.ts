import { isMac, isSingleKey, strokeOf } from '#renderer/design/keys.ts';
import type { AppContext } from '../context.ts';
import type { Command } from './command.ts';
import { KeySequence } from './key-sequence.ts';

const pauseMs = 1200;

const isText = (element: Element | null): boolean =>
  element !== null &&
  (element.matches('textarea, select, [contenteditable="true"]') ||
    (element instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(element.type)));

/** Panels that have the keyboard to themselves. */
const ownKeys = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Turns key presses into commands: the nearest scope first, single letters never while someone types. */
export class KeyDispatcher {
  readonly #app: AppContext;
  readonly #sequence = new KeySequence(pauseMs);
  #pending: readonly string[] = $state.raw([]);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: AppContext) {
    this.#app = app;
  }

  /** The beginning of a sequence that waits for its next key. */
  get pending(): readonly string[] {
    return this.#pending;
  }

  onKeydown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.key === 'F6') {
      this.#nextRegion(event.shiftKey ? -1 : 1);
      event.preventDefault();
      return;
    }
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(ownKeys) !== null && target !== null) return;
    const outcome = this.#sequence.press(
      strokeOf(event, isMac),
      this.#bindings(isText(target)),
      performance.now(),
    );
    this.#show();
    if (outcome.kind === 'none') return;
    event.preventDefault();
    if (outcome.kind === 'pending') return;
    const command = this.#app.commands.find(outcome.id);
    if (command !== undefined) this.#app.run(command.run);
  }

  /** Moves the focus to a region of the frame: `nav`, `main`, `status`. */
  focusRegion(name: string): void {
    document.querySelector<HTMLElement>(`[data-region="${name}"]`)?.focus();
  }

  *#bindings(inText: boolean): Generator<readonly [string, string]> {
    const { singleKeys } = this.#app.preferences.settings;
    const allowed = (command: Command, binding: string): boolean => {
      if (command.enabled?.() === false) return false;
      if (isSingleKey(binding)) return singleKeys && !inText;
      return !inText || command.inText === true;
    };
    for (const command of this.#app.commands.all) {
      for (const binding of command.keys ?? []) {
        if (allowed(command, binding)) yield [command.id, binding];
      }
    }
  }

  #show(): void {
    this.#pending = [...this.#sequence.pending];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#sequence.clear();
      this.#pending = [];
    }, pauseMs);
  }

  #nextRegion(by: number): void {
    const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
    const at = regions.findIndex((region) => region.contains(document.activeElement));
    regions[(at + by + regions.length) % regions.length]?.focus();
  }
}
