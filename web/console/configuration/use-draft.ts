import { useState } from 'react';
import type { FieldProblem } from '../call-console.ts';
import { applyChanges, type Change, changesOf, type Document, isSecretMark } from './changes.ts';
import type { Entry } from './documents.ts';
import type { Field } from './schema.ts';

/** What somebody else did to a document while it was being changed here. */
export interface Theirs {
  readonly entry: Entry;
  readonly changes: readonly Change[];
}

export type FieldErrors = Readonly<Record<string, string | undefined>>;

/** A document that is being changed: what it was, what it is to be, and what is wrong with that. */
export function useDraft(first: Entry, fields: readonly Field[]) {
  const [base, setBase] = useState(first);
  const [draft, setDraft] = useState<Document>(first.document);
  const [invalid, setInvalid] = useState<FieldErrors>({});
  const [refused, setRefused] = useState<FieldErrors>({});
  const [theirs, setTheirs] = useState<Theirs>();
  // Inputs that hold text of their own begin anew with another state.
  const [generation, setGeneration] = useState(0);
  const wanted = withKeptSecrets(draft, base.document, fields);
  const changes = changesOf(base.document, wanted);

  function start(entry: Entry, next: Document): void {
    setBase(entry);
    setDraft(next);
    setInvalid({});
    setRefused({});
    setTheirs(undefined);
    setGeneration(generation + 1);
  }

  return {
    ...{ base, draft, wanted, changes, theirs, generation },
    errors: { ...refused, ...known(invalid) } as FieldErrors,
    isValid: Object.values(invalid).every((problem) => problem === undefined),
    set(name: string, value: unknown): void {
      setDraft((before) => applyChanges(before, [{ path: [name], before: before[name], after: value }]));
      setRefused((before) => ({ ...before, [name]: undefined }));
    },
    setInvalid: (name: string, problem: string | undefined) => setInvalid((all) => ({ ...all, [name]: problem })),
    refuse: (problems: readonly FieldProblem[]) => setRefused(byField(problems)),
    /** Somebody else was first. */
    meet: (entry: Entry) => setTheirs({ entry, changes: changesOf(base.document, entry.document) }),
    /** Goes on from the other one's state, with one's own changes on top. */
    rebase(): void {
      if (theirs) start(theirs.entry, applyChanges(theirs.entry.document, changes));
    },
    /** Goes on from a state without one's own changes. */
    restart: (entry: Entry) => start(entry, entry.document),
  };
}

/** A secret that is there and for which no other one was typed stays. */
function withKeptSecrets(draft: Document, base: Document, fields: readonly Field[]): Document {
  const kept = fields.filter(({ name, isSecret }) => isSecret && draft[name] === undefined && isSecretMark(base[name]));
  return { ...draft, ...Object.fromEntries(kept.map(({ name }) => [name, base[name]])) };
}

function known(errors: FieldErrors): FieldErrors {
  return Object.fromEntries(Object.entries(errors).filter(([, problem]) => problem !== undefined));
}

function byField(problems: readonly FieldProblem[]): FieldErrors {
  const named = problems.map(({ pointer, detail }) => [pointer.replace(/^#?\//, '').split('/')[0] ?? '', detail]);
  return Object.fromEntries(named);
}
