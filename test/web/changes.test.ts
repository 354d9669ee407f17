import fc from 'fast-check';
import { applyChanges, changesOf, conflictsOf } from '../../web/console/configuration/changes.ts';
import { fieldsOf } from '../../web/console/configuration/schema.ts';

const field = fc.constantFrom('name', 'seconds', 'messages', 'scopes');
const value = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('en', 'nl', 'fy'), fc.string(), { minKeys: 1 }),
);
const document = fc.dictionary(field, value);

describe('changes of a document', () => {
  it('make the one of the other', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        expect(changesOf(applyChanges(before, changesOf(before, after)), after)).toEqual([]);
      }),
    );
  });

  it('keep on top of another state what others have changed elsewhere', () => {
    const before = { seconds: 120, messages: { en: 'Is this you?' }, scopes: ['a'] };
    const mine = changesOf(before, { ...before, messages: { en: 'Is this you?', nl: 'Bent u dit?' } });
    const theirs = { seconds: 60, messages: { en: 'Is it you?' }, scopes: ['a'] };
    expect(applyChanges(theirs, mine)).toEqual({ ...theirs, messages: { en: 'Is it you?', nl: 'Bent u dit?' } });
    expect(conflictsOf(mine, changesOf(before, theirs))).toEqual([]);
  });

  it('tell what both have changed, unless they agree', () => {
    const before = { seconds: 120, name: 'push' };
    const theirs = changesOf(before, { seconds: 60, name: 'other' });
    const mine = changesOf(before, { seconds: 90, name: 'other' });
    expect(conflictsOf(mine, theirs).map(({ path }) => path)).toEqual([['seconds']]);
  });

  it('take a secret as one, whatever its shape', () => {
    const before = { settings: { set: true } };
    const after = { settings: { serverKey: 'one' } };
    expect(changesOf(before, after)).toEqual([{ path: ['settings'], before: before.settings, after: after.settings }]);
  });
});

describe('the fields of a document', () => {
  it('are typed into what their schema asks for', () => {
    const text = { type: 'string' };
    const written = {
      properties: {
        name: text,
        method: { ...text, enum: ['push', 'sms'] },
        seconds: { type: 'integer' },
        isOn: { type: 'boolean' },
        about: { ...text, maxLength: 1_024 },
        scopes: { type: 'array', items: { ...text, enum: ['a'] } },
        countries: { type: 'array', items: text },
        messages: { type: 'object', additionalProperties: text },
        jwks: { type: 'object', properties: { keys: { type: 'array' } } },
        secret: { ...text, maxLength: 1_024 },
      },
      required: ['name'],
    };
    const read = { properties: { ...written.properties, secret: { properties: { set: { type: 'boolean' } } } } };
    const fields = fieldsOf(written, read, ['name']);
    expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
      ['name', 'text'],
      ['method', 'choice'],
      ['seconds', 'number'],
      ['isOn', 'switch'],
      ['about', 'long_text'],
      ['scopes', 'choices'],
      ['countries', 'words'],
      ['messages', 'texts'],
      ['jwks', 'json'],
      ['secret', 'text'],
    ]);
    expect(fields.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual(['secret']);
    expect(fields.filter(({ isIdentity, isRequired }) => isIdentity && isRequired).map(({ name }) => name)).toEqual([
      'name',
    ]);
  });
});
