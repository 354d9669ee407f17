import { seal } from '../../runtime/sealing.ts';
import type { AuthenticateInput } from '../../workflows/contract.ts';
import { createFixture, type Enrolled, type Fixture } from './fixture.ts';

export const NUMBER = '+31612345678';

/** A fixture with SMS switched on. */
export interface SmsFixture extends Fixture {
  /** Opens a transaction with a phone number and gives its id. */
  openSms(number?: string, fields?: Partial<AuthenticateInput>): Promise<string>;
  /** Changes the general settings. */
  setUp(settings: Readonly<Record<string, unknown>>): Promise<void>;
}

const UNLIMITED = {
  sms_authentication_enabled: true,
  sms_sender_id: null,
  sms_default_number: null,
  sms_allowed_countries: null,
  sms_per_number_per_hour: 1_000,
  sms_per_client_per_hour: 1_000_000,
  sms_per_day: 10_000_000,
};

export async function createSmsFixture(): Promise<SmsFixture> {
  const fixture = await createFixture();
  const phone: Enrolled = await fixture.enrol('alice');
  const setUp = async (settings: Readonly<Record<string, unknown>>): Promise<void> => {
    await fixture.knex('general_settings').update({ ...UNLIMITED, ...settings });
    await fixture.knex('sms_budgets').delete();
  };
  await setUp({});
  return {
    ...fixture,
    setUp,
    async openSms(number = NUMBER, fields = {}) {
      const transactionId = await fixture.open(phone, { message: 'Your code is {code}.', ...fields });
      const sealed = seal(fixture.keyring, 'transactions.sealed_phone_number', transactionId, number);
      await fixture.knex('transactions').where({ id: transactionId }).update({ sealed_phone_number: sealed });
      return transactionId;
    },
  };
}
