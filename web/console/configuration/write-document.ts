import { ConsoleRefusal, callConsole } from '../call-console.ts';
import { type Document, isSame } from './changes.ts';
import { addressOf, type Entry, readDocument } from './documents.ts';
import type { Resource } from './resources.ts';

/** Puts a document in the place of the state that it was made of; 412 where another one is there by now. */
export async function writeDocument(resource: Resource, base: Entry, wanted: Document): Promise<Entry> {
  const address = addressOf(resource, base.document);
  if (!resource.hasEntityTags) {
    const now = await readDocument(address);
    if (!isSame(now.document, base.document)) throw new ConsoleRefusal(412, { code: 'precondition_failed' });
  }
  const { body, etag } = await callConsole<Document>('PUT', address, {
    body: sentOf(resource, wanted),
    ...(resource.hasEntityTags && { etag: base.etag }),
  });
  return { document: body, etag: etag ?? '' };
}

/** Makes a document, which is told as the server has it. */
export async function createDocument(resource: Resource, wanted: Document): Promise<Document> {
  const body = sentOf(resource, wanted);
  if (resource.hasEntityTags) return (await callConsole<Document>('POST', `/admin/v1/${resource.name}`, { body })).body;
  const address = addressOf(resource, wanted);
  const isThere = await readDocument(address).then(
    () => true,
    (error) => {
      if (error instanceof ConsoleRefusal && error.status === 404) return false;
      throw error;
    },
  );
  if (isThere) throw new ConsoleRefusal(409, { code: 'resource_exists' });
  return (await callConsole<Document>('PUT', address, { body })).body;
}

/** What the server takes of a document. */
function sentOf({ fields }: Resource, document: Document): Document {
  const sent = fields.filter(({ name, isSent }) => isSent && document[name] !== undefined);
  return Object.fromEntries(sent.map(({ name }) => [name, document[name]]));
}
