import { searchAttributesOf } from '../../workflows/domain/search-attributes.ts';

it('tells type, method and client of a transaction, and nothing of its user', () => {
  const transaction = {
    ...{ clientId: 'shop', userId: 'alice', phoneNumber: '+4912345', message: 'Pay 5 EUR', deviceId: 'd' },
    policy: { typeName: 'push-pin', method: 'push_with_pin', version: 4 },
  };
  expect(searchAttributesOf(transaction)).toStrictEqual({
    CountersignType: 'push-pin',
    CountersignMethod: 'push_with_pin',
    CountersignClient: 'shop',
    CountersignStatus: 'pending',
  });
});
