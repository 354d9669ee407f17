/** What can be taken of the room for files. */
export interface Disk {
  /** How it is done here, for people. */
  readonly way: string;
  /**
   * From now on nothing more can be written; what is returned makes room again. `pids` are those who write, and
   * whoever they start.
   */
  fill(pids: readonly number[]): Promise<() => Promise<void>>;
}
