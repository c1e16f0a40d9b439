/** Files by their paths, as a host gives them to whoever keeps models. */
export interface Files {
  /** Whether anything stands at a path. */
  exists(path: string): Promise<boolean>;
  /**
   * Opens a regular file for reading. Anything else rejects with an error that says why by its `code`,
   * such as `ENOENT`, or else by its message.
   */
  open(path: string): Promise<OpenFile>;
  /** Writes a file whole or not at all. Throws `data/not-writable`, `data/disk-full`. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file, of a link what it leads to. */
  remove(path: string): Promise<void>;
}

/** A file until it is disposed of. */
export interface OpenFile extends AsyncDisposable {
  /** In bytes. */
  readonly size: number;
  /** The bytes from `start` up to `end`; fewer where the file ends before. */
  read(start: number, end: number): Promise<Uint8Array>;
}
