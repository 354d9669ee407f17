import { z } from 'zod';

/** How a question reaches the phone: by a push, by a message that the portal shows as a picture, or both. */
export const deliverySchema = z
  .array(z.enum(['pushNotification', 'requestMessage']))
  .min(1)
  .max(2)
  .default(['pushNotification']);

export type Delivery = z.infer<typeof deliverySchema>[number];

/** How long a call waits for the outcome, seconds; 0 answers at once. The vendor's clients send numbers and texts. */
export const timeoutSchema = z.coerce.number().int().min(0).max(300).default(0);
