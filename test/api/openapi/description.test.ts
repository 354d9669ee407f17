import { openApiDocument, operationIdOf } from '../../../api/openapi/document.ts';
import { ERRORS, MOBILE_AUTHENTICATION_ERRORS } from '../../../runtime/errors.ts';
import { ONESPAN_REFUSALS } from '../../../runtime/onespan-errors.ts';
import { describedSurfaces, registeredRoutes } from '../../support/api-description.ts';
import { misfitsOf } from '../../support/json-schema.ts';
import { resolveReferences } from '../../support/resolve-references.ts';

type Json = Readonly<Record<string, unknown>>;
interface Parameter extends Json {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
}
type Content = Readonly<
  Record<string, { readonly schema: Json; readonly example?: unknown; readonly examples?: Json }>
>;
interface Described {
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

const surfaces = describedSurfaces();
const operations = surfaces.flatMap((surface) => surface.operations);
const served = JSON.parse(JSON.stringify(openApiDocument(surfaces, 'https://api.example'))) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: Readonly<Record<string, Json>>;
};
const document = resolveReferences(served) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
};
const described = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]): [string, Described] => [`${method} ${path}`, operation]),
);

describe("the API's description", () => {
  it('has every route that is served, and no other', () => {
    const routes = registeredRoutes();
    expect(routes.length).toBeGreaterThan(150);
    expect(described.map(([name]) => name).sort()).toEqual([...routes].sort());
  });

  it('describes each route once, under a name of its own', () => {
    expect(new Set(operations.map(operationIdOf)).size).toBe(operations.length);
    expect(described).toHaveLength(operations.length);
  });

  it('names what operations share, and writes it out once', () => {
    const sizes = Object.values(served.paths).flatMap((item) =>
      Object.values(item).map((operation) => JSON.stringify(operation).length),
    );
    expect(Math.max(...sizes)).toBeLessThan(8_000);
    expect(JSON.stringify(served).length).toBeLessThan(500_000);
    const names = Object.values(served.components).flatMap((those) => Object.keys(those));
    expect(names.filter((name) => !/^[\w.-]+$/.test(name))).toEqual([]);
  });

  it('has every error code of every table', () => {
    const shown = new Set(
      described.flatMap(([, { responses }]) =>
        Object.values(responses).flatMap(({ content = {} }) =>
          Object.values(content).flatMap(({ examples = {} }) => Object.keys(examples)),
        ),
      ),
    );
    const codes = [ERRORS, MOBILE_AUTHENTICATION_ERRORS, ONESPAN_REFUSALS].flatMap((table) => Object.keys(table));
    expect(codes.filter((code) => !shown.has(code))).toEqual([]);
  });

  it.each(described)('%s has an example of everything it takes, which fits', (_name, { parameters, requestBody }) => {
    const needed = parameters.filter(({ in: place, required }) => place === 'path' || required);
    expect(needed.filter(({ example }) => example === undefined)).toEqual([]);
    expect(parameters.filter(({ in: place, description }) => place !== 'query' && !description)).toEqual([]);
    for (const { schema, examples = {} } of Object.values(requestBody?.content ?? {})) {
      expect(Object.keys(examples)).not.toEqual([]);
      for (const { value } of Object.values(examples) as { readonly value: unknown }[]) expectFit(schema, value);
    }
  });

  it.each(described)('%s has an example of everything it replies, which fits', (_name, { responses }) => {
    for (const { content = {} } of Object.values(responses)) {
      for (const { schema, example, examples } of Object.values(content)) {
        const values = examples
          ? (Object.values(examples) as { value: unknown }[]).map(({ value }) => value)
          : [example];
        expect(values).not.toEqual([]);
        for (const value of values) expectFit(schema, value);
      }
    }
  });

  it.each(operations.map((operation) => [operationIdOf(operation), operation] as const))(
    '%s has examples that its route would take',
    (_name, { request, query }) => {
      for (const example of Object.values(request?.examples ?? {})) {
        expect(request?.schema.safeParse(example).error?.issues ?? []).toEqual([]);
      }
      expect(query?.schema.safeParse(query.example).error?.issues ?? []).toEqual([]);
    },
  );
});

function expectFit(schema: Json, value: unknown): void {
  expect(value).toBeDefined();
  expect(misfitsOf(schema, value)).toEqual([]);
}
