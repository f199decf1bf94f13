/** One step of the schema. Once released it is never edited: a later step corrects it. */
export interface Migration {
  /** 1, 2, …; becomes the database's `user_version`. */
  readonly number: number;
  readonly name: string;
  /** Run one by one, all inside one transaction. */
  readonly statements: readonly string[];
}
