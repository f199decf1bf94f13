import { labelOf } from '../workflows/replay.ts';
import type { EngineEvent } from './events.ts';

/** The step that an event is about. */
export function stepOf(event: EngineEvent): string | null {
  switch (event.kind) {
    case 'asked':
      return labelOf(event.ask);
    case 'child-ended':
    case 'woke':
    case 'unasked':
      return event.label;
    default:
      return null;
  }
}
