import type Database from 'better-sqlite3';
import { holdsWords, longestAttributes, searchTokens, searchWords } from '../search-words.ts';

/** A condition on `nodes AS n` with one parameter: the words. It says what the index would say. */
export const holdsWordsSql = `holds_words(?, n.label, n.description, n.node_type, n.process_type, n.process_label,
  CASE WHEN n.sealed = 1 AND octet_length(n.attributes) <= ${longestAttributes} THEN n.attributes END) = 1`;

type Text = string | null;

/** Teaches a connection `holds_words`, for the few nodes that are not in the index yet. */
export function addWordsFunction(db: Database.Database): void {
  db.function(
    'holds_words',
    { deterministic: true, directOnly: true },
    (
      words: string,
      label: string,
      description: string,
      nodeType: string,
      processType: Text,
      processLabel: Text,
      attributes: Text,
    ) =>
      Number(
        holdsWords(
          searchWords({ label, description, nodeType, processType, processLabel, attributes }),
          searchTokens(words),
        ),
      ),
  );
}
