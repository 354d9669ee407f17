import { validate } from 'uuid';
import { OneSpanError } from '../../../runtime/onespan-errors.ts';
import type { Registration, RegistrationStore } from '../../ports.ts';

/** The registration of this id, once a phone has enrolled with it; refused before, and when it is another client's. */
export async function findActivated(
  registrations: RegistrationStore,
  id: unknown,
  clientId: string,
): Promise<Registration> {
  const reference = typeof id === 'string' && validate(id) ? id.toLowerCase() : undefined;
  const registration = reference === undefined ? undefined : await registrations.find(reference, clientId);
  if (registration?.status !== 'activated') throw new OneSpanError('registration_not_started');
  return registration;
}
