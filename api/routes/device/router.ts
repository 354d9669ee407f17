import { Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { requireDevice } from '../../device-authentication.ts';
import { noStore } from '../../no-store.ts';
import { readJson } from '../../raw-body.ts';
import { recordRefusals } from '../../record-refusals.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { answer } from './answer.ts';
import { deleteBiometricKey, setBiometricKey } from './biometric-key.ts';
import { readChallengeCode } from './challenge-code.ts';
import { changePin } from './change-pin.ts';
import { claimOtp } from './claim-otp.ts';
import { disenrol } from './disenrol.ts';
import { enrol } from './enrol.ts';
import { fetchChallenge } from './fetch-challenge.ts';
import { fetchPinChallenge } from './fetch-pin-challenge.ts';
import { listPending } from './list-pending.ts';
import { erasePushToken, setPushToken } from './push-token.ts';
import {
  answerRefusal,
  enrolmentRefusal,
  fetchRefusal,
  keysRefusal,
  otpRefusal,
  pushTokenRefusal,
} from './refusal-events.ts';
import { rename } from './rename.ts';
import { requireMobileAuthentication } from './require-feature.ts';
import { rotateKeys } from './rotate-keys.ts';
import { setPinKey } from './set-pin-key.ts';

/** What phones call, under `/device/v1` (runtime/device-wire.ts has the shapes). */
export function deviceRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  const admitted = requireDevice(dependencies.enrolments, dependencies.settings.publicUrl);
  const isOn = requireMobileAuthentication(dependencies.features);
  router.use(noStore, readJson());
  router.post('/enrolments', enrol(dependencies));
  router.put('/pin-key', admitted, setPinKey(dependencies));
  router.post('/pin-key/challenge', admitted, fetchPinChallenge(dependencies));
  router.post('/pin-key/change', admitted, changePin(dependencies));
  router.put('/biometric-key', admitted, setBiometricKey(dependencies));
  router.delete('/biometric-key', admitted, deleteBiometricKey(dependencies));
  router.delete('/enrolment', admitted, disenrol(dependencies));
  router.put('/push-token', admitted, setPushToken(dependencies));
  router.delete('/push-token', admitted, erasePushToken(dependencies));
  router.patch('/device', admitted, rename(dependencies));
  router.post('/keys', admitted, rotateKeys(dependencies));
  router.get('/transactions', admitted, listPending(dependencies));
  router.post('/transactions/:transactionId/fetch', admitted, isOn, fetchChallenge(dependencies));
  router.post('/otp', admitted, isOn, claimOtp(dependencies));
  router.post('/challenge-codes', admitted, isOn, readChallengeCode(dependencies));
  router.post('/transactions/:transactionId/answer', admitted, isOn, answer(dependencies));
  refuseOtherMethods(router, '/enrolments', 'POST');
  refuseOtherMethods(router, '/pin-key', 'PUT');
  refuseOtherMethods(router, '/pin-key/challenge', 'POST');
  refuseOtherMethods(router, '/pin-key/change', 'POST');
  refuseOtherMethods(router, '/biometric-key', 'PUT', 'DELETE');
  refuseOtherMethods(router, '/enrolment', 'DELETE');
  refuseOtherMethods(router, '/push-token', 'PUT', 'DELETE');
  refuseOtherMethods(router, '/device', 'PATCH');
  refuseOtherMethods(router, '/keys', 'POST');
  refuseOtherMethods(router, '/otp', 'POST');
  refuseOtherMethods(router, '/challenge-codes', 'POST');
  refuseOtherMethods(router, '/transactions', 'GET');
  refuseOtherMethods(router, '/transactions/:transactionId/fetch', 'POST');
  refuseOtherMethods(router, '/transactions/:transactionId/answer', 'POST');
  const { auditTrail } = dependencies;
  router.use('/enrolments', recordRefusals(auditTrail, enrolmentRefusal));
  router.use('/push-token', recordRefusals(auditTrail, pushTokenRefusal));
  router.use('/otp', recordRefusals(auditTrail, otpRefusal));
  router.use('/keys', recordRefusals(auditTrail, keysRefusal));
  router.use('/transactions/:transactionId/fetch', recordRefusals(auditTrail, fetchRefusal));
  router.use('/transactions/:transactionId/answer', recordRefusals(auditTrail, answerRefusal));
  return router;
}
