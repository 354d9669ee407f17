/** Something that the reader can put right: told without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
