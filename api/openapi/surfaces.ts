import type { AdministeredResource } from '../ports.ts';
import { administrationSurface } from './administration.ts';
import { consoleSurface } from './console.ts';
import { deviceSurface } from './device.ts';
import { endUserSurface } from './end-user.ts';
import { eventsSurface } from './events.ts';
import { mobileAuthenticationSurface } from './mobile-authentication.ts';
import { oneSpanSurface } from './onespan.ts';
import type { Surface } from './operation.ts';
import { operationsSurface } from './operations.ts';

/** Everything that the api serves, in the order in which it is read. */
export function surfacesOf(resources: readonly AdministeredResource[]): readonly Surface[] {
  return [
    mobileAuthenticationSurface('v4'),
    mobileAuthenticationSurface('v3'),
    mobileAuthenticationSurface('v2'),
    eventsSurface,
    endUserSurface,
    deviceSurface,
    oneSpanSurface,
    administrationSurface(resources),
    consoleSurface,
    operationsSurface,
  ];
}
