/** One file inside an archive, wherever the archive keeps it. */
export interface Member {
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Its place in the file: members are read fastest in the order of their places. */
  readonly offset: number;
  /**
   * The whole content; for members whose size was found to be small.
   * @throws StemmaError `archive-damaged`, `archive-unsafe`
   */
  read(): Buffer;
  /** The content piece by piece; an error follows the last one where the content is not what was promised. */
  stream(): AsyncIterable<Buffer>;
}

/** Members up to here are held in memory when they are read; larger ones are streamed. */
export const smallMember = 4 << 20;
