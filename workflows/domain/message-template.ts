/** Templates of texts: `[name]` stands for a value, and a part in braces is there only if every value in it is. */

/** By name; an empty text is no value. */
export type TemplateValues = Readonly<Record<string, string>>;

const PLACE = /\[(\w+)\]/g;
const PART_OR_PLACE = /\{([^{}]*)\}|\[(\w+)\]/g;

/**
 * Puts the values in, in one pass over the template: what a value holds is never taken for a template. Names that are not
 * known, and braces without a known name between them, are text.
 */
export function expandTemplate(template: string, values: TemplateValues): string {
  const fill = (whole: string, name: string): string =>
    Object.hasOwn(values, name) ? (values[name] as string) : whole;

  return template.replace(PART_OR_PLACE, (whole: string, part: string | undefined, name: string | undefined) => {
    if (part === undefined) return fill(whole, name as string);
    const known = [...part.matchAll(PLACE)]
      .map((match) => match[1] as string)
      .filter((it) => Object.hasOwn(values, it));
    if (known.length === 0) return whole;
    return known.every((it) => values[it] !== '') ? part.replace(PLACE, fill) : '';
  });
}
