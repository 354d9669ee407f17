import { ApplicationFailure } from '@temporalio/common';
import {
  decodeOptionalFailureToOptionalError,
  encodeErrorToFailure,
  loadDataConverter,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import { parseKeyring } from '../../runtime/keyring.ts';
import { dataConverterFor } from '../../runtime/temporal.ts';

const keyring = parseKeyring(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
const converter = loadDataConverter(dataConverterFor({ ENCRYPTION_KEYS: keyring }));

const CAUSE = new Error('CAUSE_TEXT of the database');
const FAILURE = ApplicationFailure.create({
  message: 'MESSAGE_TEXT about alice',
  type: 'callback_not_delivered',
  details: ['DETAIL_TEXT'],
  cause: CAUSE,
});

/** Everything of a failure, payload bytes included, as one searchable text. */
function everythingIn(value: unknown): string {
  return JSON.stringify(value, (_key, part) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('latin1');
    return part?.type === 'Buffer' ? Buffer.from(part.data).toString('latin1') : part;
  });
}

it('encrypts message, stack trace, details and causes of a failure', async () => {
  const encoded = everythingIn(await encodeErrorToFailure(converter, FAILURE));
  for (const part of ['MESSAGE_TEXT', 'alice', 'CAUSE_TEXT', 'DETAIL_TEXT', 'failure-converter.test']) {
    expect(encoded).not.toContain(part);
  }
  expect(encoded).toContain('Encoded failure');
  // Temporal itself needs the type, to decide about retries.
  expect(encoded).toContain('callback_not_delivered');
});

it('gives the failure back to those who have the key', async () => {
  const failure = await encodeErrorToFailure(converter, FAILURE);
  const error = await decodeOptionalFailureToOptionalError(converter, failure);
  expect(error).toBeInstanceOf(ApplicationFailure);
  expect(error).toMatchObject({
    message: 'MESSAGE_TEXT about alice',
    type: 'callback_not_delivered',
    details: ['DETAIL_TEXT'],
    cause: { message: 'CAUSE_TEXT of the database' },
  });
  expect(error?.stack).toContain('failure-converter.test');
});

it('does not give it to those who have another key', async () => {
  const failure = await encodeErrorToFailure(converter, FAILURE);
  const stranger = loadDataConverter(
    dataConverterFor({ ENCRYPTION_KEYS: parseKeyring(`k1:${Buffer.alloc(32, 2).toString('base64')}`) }),
  );
  await expect(decodeOptionalFailureToOptionalError(stranger, failure)).rejects.toThrow();
});
