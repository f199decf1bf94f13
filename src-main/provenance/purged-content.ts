/** What is known of a file whose content a person has purged. */
export interface PurgedContent {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The content is only set aside: it can be restored. */
  readonly kept: boolean;
}
