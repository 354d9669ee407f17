import { z } from 'zod';

/** A static password, or a PIN in its place. */
export const staticPassword = z.string().min(4).max(128);
