/** Under which the committed histories are encrypted. It guards nothing: it is here to be read by everyone. */
export const REPLAY_ENCRYPTION_KEYS = `replay:${Buffer.alloc(32, 'replay').toString('base64')}`;

/** Where the histories lie, one file for each way a transaction can go. */
export const HISTORIES = new URL('./histories/', import.meta.url);
