import { readFileSync } from 'node:fs';
import { APNS_ANSWERS } from '../../activities/adapters/apns-replies.ts';
import { CONNECTION_ANSWERS } from '../../activities/adapters/connection-answers.ts';
import { FCM_LEGACY_ANSWERS } from '../../activities/adapters/fcm-legacy-replies.ts';
import { FCM_ANSWERS } from '../../activities/adapters/fcm-replies.ts';
import type { ProviderAnswers } from '../../activities/adapters/provider-answer.ts';
import { REFUSALS } from '../../dev/fcm-simulator/refusals.ts';
import { PUSH_CONSEQUENCES } from '../../workflows/domain/push-failure.ts';

const TEXT = readFileSync('docs/push-providers.md', 'utf8');

/** Rows of the table below a heading, without its head. */
function rowsBelow(heading: string): string[] {
  const [, section = ''] = TEXT.split(`\n## ${heading}\n`);
  const [, rows = ''] = (section.split('\n## ')[0] as string).split(/\n\| (?:answer|counts as) \|.*\n\|[-|]+\n/);
  return (rows.split('\n\n')[0] as string).split('\n').filter((line) => line !== '');
}

function rowsOf(answers: ProviderAnswers): string[] {
  return Object.entries(answers).map(
    ([answer, { http, failure, meaning }]) => `| \`${answer}\` | ${http} | \`${failure}\` | ${meaning} |`,
  );
}

/** Each provider's table, by the heading of its section. */
const TABLES: readonly (readonly [string, ProviderAnswers])[] = [
  ['On the way to any provider', CONNECTION_ANSWERS],
  ['FCM HTTP v1 (`fcm_http_v1`)', FCM_ANSWERS],
  ['FCM legacy (`fcm_legacy`)', FCM_LEGACY_ANSWERS],
  ['APNs (`apns`)', APNS_ANSWERS],
];

describe('docs/push-providers.md', () => {
  it.each(TABLES)('has every answer of the section %s as the code has it', (heading, answers) => {
    expect(rowsBelow(heading)).toStrictEqual(rowsOf(answers));
  });

  it('names every refusal that the simulated FCM gives on demand', () => {
    const [, list = ''] = /`reply` is ([^;]+);/.exec(TEXT) ?? [];
    const named = [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(named).toStrictEqual([...Object.keys(REFUSALS), 'hang', 'drop', 'accept']);
  });

  it('says what follows from each failure as the rule has it', () => {
    const expected = Object.entries(PUSH_CONSEQUENCES).map(
      ([failure, { triedAgain, token, isAlarming }]) =>
        `| \`${failure}\` | ${{ never: 'no', quickly: 'once, after some 100 ms or as long as Retry-After says', when_told: 'once, where Retry-After says when' }[triedAgain]} | ${token} | ${isAlarming ? 'alarm' : '–'} |`,
    );
    expect(rowsBelow('What follows')).toStrictEqual(expected);
  });
});
