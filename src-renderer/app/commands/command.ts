/** Something that a person can do: listed in the palette, and run by its keys. */
export interface Command {
  /** Stable: recents, and the application menu of the desktop, refer to it. `processes.pause` */
  readonly id: string;
  /** In the imperative: `Pause the selected processes`. */
  readonly title: string;
  /** The heading under which the palette and the key sheet list it. */
  readonly group: string;
  /** `g p`, `/`, `Mod+K`, `Alt+ArrowLeft`; the first is the one that is shown. */
  readonly keys?: readonly string[];
  /** Other words by which the palette finds it. */
  readonly words?: string;
  /** Where it says false, the command is shown as unavailable and its keys do nothing. */
  readonly enabled?: () => boolean;
  /** Works while a text field has the focus, too. Only for keys with a modifier, and Escape. */
  readonly inText?: boolean;
  /** Only by key: steps that a palette cannot sensibly list. */
  readonly hidden?: boolean;
  readonly run: () => void | Promise<void>;
}
