import { randomUUID } from 'node:crypto';
import { createMessage, encrypt, generateKey, readKey, readMessage } from 'openpgp';
import {
  activationPasswordOf,
  hexOfMessage,
  messageOfHex,
  readActivationPassword,
  readTransactionMessage,
  transactionMessageOf,
} from '../../runtime/device-wire.ts';

it('carries an OpenPGP message as hexadecimal, and gives it back to any OpenPGP', async () => {
  const { publicKey } = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: 'A phone' }],
    format: 'armored',
  });
  const encryptionKeys = await readKey({ armoredKey: publicKey });
  for (const length of [0, 1, 2, 47, 48, 1_000]) {
    const message = await createMessage({ text: 'x'.repeat(length) });
    const armored = await encrypt({ message, encryptionKeys });
    const hex = hexOfMessage(armored);
    expect(hex).toMatch(/^([0-9A-F]{2})+$/);
    const [there, back] = await Promise.all([
      readMessage({ armoredMessage: armored }),
      readMessage({ armoredMessage: messageOfHex(hex.toLowerCase()) }),
    ]);
    expect(Buffer.from(back.write())).toEqual(Buffer.from(there.write()));
    expect(readTransactionMessage(hex)).toBeUndefined();
  }
});

it('leads to a transaction by its id, and by nothing else', () => {
  const id = randomUUID();
  const text = transactionMessageOf(id);
  expect(readTransactionMessage(text)).toBe(id);
  expect(readTransactionMessage(` ${text.toLowerCase()}\n`)).toBe(id);
  const hex = (content: string) => Buffer.from(content).toString('hex');
  for (const other of [
    '',
    id,
    `${text}0`,
    `${text}00`,
    hex('countersign:transaction:'),
    hex(`countersign:transaction:../../${id}`),
    hex(`countersign:transaction:${id}`).repeat(200),
    'G'.repeat(10),
  ]) {
    expect(readTransactionMessage(other)).toBeUndefined();
  }
});

it('hands out a ticket as one text', () => {
  const ticket = { reference: randomUUID(), secret: 'A_-9'.repeat(10).concat('xyz') };
  expect(readActivationPassword(activationPasswordOf(ticket))).toEqual(ticket);
});
