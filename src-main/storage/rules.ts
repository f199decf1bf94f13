import type { DeletionSelection } from '#shared/contract/areas/storage.ts';
import type { DeletionRequest } from '../provenance/read-api.ts';
import { deleteRules, type TraversalRules } from '#shared/provenance/traversal-rules.ts';

/** What a deletion begins with, and the rules that were turned. */
export interface DeletionChoice {
  readonly what: DeletionRequest['what'];
  readonly rules: DeletionSelection['rules'];
}

/** AiiDA's rules for a deletion, with what a person has changed of them. */
export const rulesOf = (selection: Pick<DeletionSelection, 'rules'>): TraversalRules => ({
  ...deleteRules,
  ...selection.rules,
});
