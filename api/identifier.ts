export { identifier } from '../runtime/identifier.ts';
