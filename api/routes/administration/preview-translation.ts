import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { isStorable } from '../../../runtime/storable-text.ts';
import { messageInContext } from '../../../workflows/domain/request-context.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import type { AdministeredResource } from '../../ports.ts';

const LAST_RESORT = 'en';

const storable = (max: number) => z.string().max(max).refine(isStorable);
const value = storable(255).optional();

/** Body of a preview: a template, or the key of one that is kept, and what is to be put in. */
export const previewBody = z
  .strictObject({
    template: storable(1_024).optional(),
    key: storable(255).min(1).optional(),
    locale: z
      .string()
      .regex(/^[a-z]{2,3}$/)
      .default(LAST_RESORT),
    values: z
      .strictObject({
        message: storable(1_024).default(''),
        ...{ operatingSystem: value, browser: value, countryCode: value, region: value, city: value },
      })
      .default({ message: '' }),
  })
  .refine(({ template, key }) => (template === undefined) !== (key === undefined), { path: ['template'] });

/** `POST /admin/v1/translations/preview`: the text as phones would show it, made as a begin makes it; nothing is kept. */
export function previewTranslation({ administered }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { template, key, locale, values } = parse(previewBody, request.body);
    const found = template ?? (key === undefined ? undefined : await textOf(administered, key, locale));
    if (found === undefined) throw new AppError('resource_unknown');
    const { message, ...given } = values;
    const context = Object.fromEntries(Object.entries(given).filter(([, each]) => each !== undefined));
    response.json({ text: messageInContext(found, message, context) });
  };
}

/** In this language, or else in English, as begins look for it. */
async function textOf(
  administered: readonly AdministeredResource[],
  key: string,
  locale: string,
): Promise<string | undefined> {
  const translations = administered.find(({ name }) => name === 'translations');
  const found = (await translations?.find([key, locale])) ?? (await translations?.find([key, LAST_RESORT]));
  return found && String(found.document.value);
}
