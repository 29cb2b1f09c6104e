/** Where the parts of one generation come from: an encoder's directory, or another channel. */
export interface RawPart {
  readonly path: string;
  readonly data: Buffer;
  /** When the encoder last wrote to it, in milliseconds since the Unix epoch. */
  readonly mtimeMs: number;
}

/** Owned by a generation's publisher, which closes it. */
export interface PartSource {
  /** The init segment; there since before the first part. Throws if it is not. */
  readInit(): Buffer;
  /** The next part, if it is there. */
  next(): RawPart | null;
  /** No part is there that is not done with. */
  isEmpty(): boolean;
  /** The next part is done with. */
  advance(): void;
  close(): Promise<void>;
}

/** Opens a source that calls `hint` whenever the next part may be there. */
export type OpenSource = (hint: () => void) => PartSource;
