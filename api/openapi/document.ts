import { z } from 'zod';
import { pathParameterOf } from './example-values.ts';
import type { Credential, Operation, Reply, Surface } from './operation.ts';
import { refusalObject, refusalsOf } from './refusals.ts';

type Json = Readonly<Record<string, unknown>>;

const CLIENT: readonly Json[] = [{ clientSecret: [] }, { clientAssertion: [] }];
const SECURITY: Readonly<Record<Credential, readonly Json[]>> = {
  client: CLIENT,
  stages: [{ eventsToken: [] }, { eventsTokenInQuery: [] }, ...CLIENT],
  operator: [...CLIENT, { consoleSession: [] }],
  session: [{ consoleSession: [] }],
  device: [{ deviceProof: [] }],
  none: [],
};

/**
 * The description of the whole API: OpenAPI 3.1, whose schemas are JSON Schema 2020-12. Errors are components, as many
 * operations share each of them.
 */
export function openApiDocument(surfaces: readonly Surface[], serverUrl: string): Json {
  const all = surfaces.flatMap((surface) => surface.operations.map((operation) => ({ surface, operation })));
  const byPath = Map.groupBy(all, ({ operation }) => operation.path);
  const paths = [...byPath].map(([path, those]): [string, Json] => [
    path,
    Object.fromEntries(those.map(({ surface, operation }) => [operation.method, operationObject(surface, operation)])),
  ]);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Countersign',
      version: '1',
      description: 'Durable mobile authentication: portals ask, phones answer, operators administer.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: surfaces.map(({ name, description }) => ({ name, description })),
    paths: Object.fromEntries(paths),
    components: {
      schemas: Object.fromEntries(
        surfaces.map(({ errorFormat: { name, schema } }): [string, Json] => [name, jsonSchemaOf(schema)]),
      ),
      responses: Object.fromEntries(
        all
          .flatMap(({ surface, operation }) => refusalsOf(surface, operation))
          .map((refusal): [string, Json] => [refusal.name, refusalObject(refusal)]),
      ),
      securitySchemes: {
        clientSecret: { type: 'http', scheme: 'basic', description: 'Id and secret of an API client.' },
        clientAssertion: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A JWT signed by the API client (RFC 7523).',
        },
        eventsToken: { type: 'http', scheme: 'bearer', description: 'The `events_token` of a begin.' },
        eventsTokenInQuery: {
          type: 'apiKey',
          in: 'query',
          name: 'events_token',
          description: 'The same, for an `EventSource`, which sets no headers.',
        },
        consoleSession: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-countersign_console',
          description: 'A session of the console; with the header Console-Request, from a page of this origin.',
        },
        deviceProof: {
          type: 'apiKey',
          in: 'header',
          name: 'Device-Proof',
          description: 'A JWS (ES256) by the signing key of the enrolment over method, address, time, id and body.',
        },
      },
    },
  };
}

/** Names an operation: method and path in words. */
export function operationIdOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method, ...words].join('-');
}

/** What a schema asks of what comes in, as JSON Schema. */
export function jsonSchemaOf(schema: z.ZodType): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
}

function operationObject(surface: Surface, operation: Operation): Json {
  const { request } = operation;
  return {
    operationId: operationIdOf(operation),
    tags: [surface.name],
    summary: operation.summary,
    security: SECURITY[operation.credential],
    parameters: [...pathParameters(operation), ...queryParameters(operation), ...headerParameters(operation)],
    ...(request && {
      requestBody: {
        required: !request.isOptional,
        content: {
          [request.mediaType]: {
            schema: jsonSchemaOf(request.schema),
            examples: Object.fromEntries(Object.entries(request.examples).map(([name, value]) => [name, { value }])),
          },
        },
      },
    }),
    responses: Object.fromEntries([
      ...operation.replies.map(replyEntry),
      ...refusalsOf(surface, operation).map(({ status, name }): [string, Json] => [
        status,
        { $ref: `#/components/responses/${name}` },
      ]),
    ]),
  };
}

function pathParameters({ path, parameters = {} }: Operation): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    ...(parameters[name] ?? pathParameterOf(path, name)),
  }));
}

function queryParameters({ query }: Operation): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(query.schema) as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
    ...(query.example[name] !== undefined && { example: query.example[name] }),
  }));
}

function headerParameters({ headers = {} }: Operation): Json[] {
  return Object.entries(headers).map(([name, { description, isRequired, example }]) => ({
    name,
    in: 'header',
    required: isRequired,
    schema: { type: 'string' },
    description,
    example,
  }));
}

function replyEntry({ status, description, body }: Reply): [string, Json] {
  if (!body) return [String(status), { description }];
  const content = { [body.mediaType]: { schema: jsonSchemaOf(body.schema), example: body.example } };
  return [String(status), { description, content }];
}
