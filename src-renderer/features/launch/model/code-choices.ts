import type { CodeRow, ComputerRow } from '#shared/contract/areas/computers.ts';
import type { Option } from '#renderer/design/option.ts';

type Code = Pick<
  CodeRow,
  'uuid' | 'fullLabel' | 'executable' | 'defaultPlugin' | 'calculations' | 'computerUuid'
>;
type Computer = Pick<ComputerRow, 'uuid' | 'configured' | 'enabled'>;

/** The codes that may be chosen for a port. */
export interface CodeChoices {
  /** Those made for the plugin first, then those that run now, then the most used. */
  readonly options: readonly Option[];
  /** The one that nobody has to choose; null where there is a choice, or a doubt. */
  readonly only: string | null;
}

/**
 * The codes that a launch can take. One that was made for another plugin is a choice, but not ours: the executable would
 * run, and do something else.
 * @param computers undefined while nothing is known of them
 */
export function codeChoices(
  codes: readonly Code[],
  computers: readonly Computer[] | undefined,
  plugin: string,
): CodeChoices {
  const places = new Map(computers?.map((computer) => [computer.uuid, computer]));
  const stateOf = (code: Code): 'ready' | 'disabled' | 'not set up' => {
    const place = places.get(code.computerUuid);
    if (place === undefined || (place.configured && place.enabled)) return 'ready';
    return place.configured ? 'disabled' : 'not set up';
  };
  const sorted = codes.toSorted(
    (a, b) =>
      Number(b.defaultPlugin === plugin) - Number(a.defaultPlugin === plugin) ||
      Number(stateOf(b) === 'ready') - Number(stateOf(a) === 'ready') ||
      b.calculations - a.calculations ||
      a.fullLabel.localeCompare(b.fullLabel, 'en', { numeric: true }),
  );
  const ready = computers === undefined ? [] : sorted.filter((code) => stateOf(code) === 'ready');
  const made = ready.filter(({ defaultPlugin }) => defaultPlugin === plugin);
  const [first] = ready;
  const isOpen = ready.length === 1 && first?.defaultPlugin === '';
  const only = made.length === 1 ? made[0] : isOpen ? first : undefined;
  return {
    options: sorted.map((code) => {
      const state = stateOf(code);
      return {
        value: code.uuid,
        label: code.fullLabel,
        hint: state === 'ready' ? code.executable : `computer ${state}`,
        disabled: state === 'not set up',
      };
    }),
    only: only?.uuid ?? null,
  };
}
