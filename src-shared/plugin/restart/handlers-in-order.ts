import type { RestartHandler } from './handler.ts';

/** What a launch says otherwise about a handler; AiiDA's input of that name. */
export interface HandlerOverride {
  readonly enabled?: boolean;
  readonly priority?: number;
}
export type HandlerOverrides = Readonly<Record<string, HandlerOverride>>;

/** What is wrong with the input `handler_overrides`; null where nothing is. */
export function overridesProblem(value: unknown, names: readonly string[]): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'Must be a dictionary.';
  for (const [name, override] of Object.entries(value)) {
    if (!names.includes(name)) {
      return `There is no handler “${name}”. There are: ${names.join(', ')}.`;
    }
    if (typeof override !== 'object' || override === null || Array.isArray(override)) {
      return `“${name}” must be a dictionary with “enabled” or “priority”.`;
    }
    for (const [key, what] of Object.entries(override)) {
      if (key === 'enabled' ? typeof what !== 'boolean' : key !== 'priority' || typeof what !== 'number') {
        return `“${name}” takes “enabled” (true or false) and “priority” (a number), not ${JSON.stringify({ [key]: what })}.`;
      }
    }
  }
  return null;
}

/** The handlers that are switched on, the highest priority first; equal ones keep their order. */
export function handlersInOrder<Handler extends Pick<RestartHandler, 'name' | 'priority' | 'enabled'>>(
  handlers: readonly Handler[],
  overrides: HandlerOverrides,
): readonly Handler[] {
  const priority = ({ name, priority: own = 0 }: Handler): number => overrides[name]?.priority ?? own;
  return handlers
    .filter(({ name, enabled = true }) => overrides[name]?.enabled ?? enabled)
    .toSorted((a, b) => priority(b) - priority(a));
}
