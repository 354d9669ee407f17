/** Events of refusals to ask a user, by code, on every surface that asks users. */
export const ASKING_REFUSALS = {
  user_asked_too_often: 'PUSH_AUTH_INIT_FAILURE_USER_ASKED_TOO_OFTEN',
  user_blocked: 'PUSH_AUTH_INIT_FAILURE_USER_BLOCKED',
} as const;
