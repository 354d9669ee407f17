/** A small server of the device protocol for these tests: made from express, jose and openpgp, not from the server's code. */
import { createHash, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { calculateJwkThumbprint, decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose';
import { createMessage, decrypt, encrypt, generateKey, type PrivateKey, readKey, readMessage } from 'openpgp';

/** What happens to the next requests, one entry each. */
export type Fault =
  | 'lose_request'
  | 'lose_reply'
  | 'hang'
  | { readonly status: number; readonly retryAfter?: string; readonly body?: unknown };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly proofId: string;
  readonly body: unknown;
}

/** Lets a test rewrite what is sealed, or by whom. */
export interface Forgery {
  readonly content?: (honest: Record<string, unknown>) => unknown;
  readonly signWith?: PrivateKey | null;
}

interface Phone {
  readonly enrolmentId: string;
  readonly signingKey: JWK;
  readonly pgpPublicKey: string;
}

export interface TestTransaction {
  readonly id: string;
  readonly nonce: string;
  readonly expiresAt: string;
  /** False for one that only a push tells of. */
  readonly listed: boolean;
  fetchedBy?: string;
  answers: string[];
  status: 'pending' | 'approved' | 'denied';
}

export async function startDeviceServer() {
  const { privateKey: serverKey, publicKey } = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: 'server' }],
    format: 'object',
  });
  const faults: Fault[] = [];
  const seen: SeenRequest[] = [];
  const proofIds = new Set<string>();
  const refusedForClock: string[] = [];
  const clock = () => new Date(Date.now() + server.clockOffMs);
  const phones = new Map<string, Phone>();
  const transactions = new Map<string, TestTransaction>();
  /** `clockOffMs`: by how much its clock is wrong, and the Date of its replies; `hidesDate`: as browsers hide it. */
  const server = { forgery: {} as Forgery, recordOnly: false, clockOffMs: 0, hidesDate: false };

  const app = express();
  app.use(express.text({ type: 'application/json', limit: '64kb' }));
  app.use(async (req, res, next) => {
    if (server.hidesDate) res.sendDate = false;
    else res.set('date', clock().toUTCString());
    const proof = await verifyProof(req);
    if (!proof.isFresh) {
      refusedForClock.push(proof.id);
      return void problem(res, 401, 'proof_invalid', { detail: 'iat' });
    }
    if (proofIds.has(proof.id)) return void problem(res, 401, 'proof_replayed');
    proofIds.add(proof.id);
    res.locals.phone = proof.phone;
    const body = typeof req.body === 'string' ? JSON.parse(req.body) : undefined;
    res.locals.body = body;
    seen.push({ method: req.method, path: req.path, proofId: proof.id, body });
    const fault = faults.shift();
    if (fault === 'lose_request') return void req.socket.destroy();
    if (fault === 'hang') return;
    if (fault === 'lose_reply') {
      res.json = () => {
        req.socket.destroy();
        return res;
      };
    }
    if (typeof fault === 'object') {
      if (fault.retryAfter) res.set('retry-after', fault.retryAfter);
      if (typeof fault.body === 'string') return void res.status(fault.status).send(fault.body);
      return void problem(res, fault.status, 'unavailable', fault.body as object | undefined);
    }
    if (!proof.phone && req.path !== '/device/v1/enrolments') return void problem(res, 401, 'enrolment_unknown');
    next();
  });

  app.post('/device/v1/enrolments', (_req, res) => {
    const { body } = res.locals;
    if (body.ticket.secret !== 'good') return void problem(res, 403, 'ticket_invalid');
    const enrolmentId = randomUUID();
    phones.set(enrolmentId, { enrolmentId, signingKey: body.signingKey, pgpPublicKey: body.pgpPublicKey });
    res.status(201).json({
      enrolmentId,
      userId: 'alice',
      applicationId: 'test-app',
      serverPgpPublicKey: publicKey.armor(),
    });
  });

  app.get('/device/v1/transactions', (_req, res) => {
    const pending = [...transactions.values()].filter(({ status, listed }) => listed && status === 'pending').reverse();
    res.json({
      transactions: pending.map(({ id, expiresAt }) => ({
        transactionId: id,
        userId: 'alice',
        message: 'Log in?',
        sentAt: new Date().toISOString(),
        expiresAt,
        timeToLiveSeconds: 120,
      })),
    });
  });

  app.post('/device/v1/transactions/:id/fetch', async (req, res) => {
    const transaction = transactions.get(req.params.id);
    if (!transaction) return void problem(res, 404, 'transaction_unknown');
    if (Date.parse(transaction.expiresAt) < Date.now()) return void problem(res, 410, 'transaction_expired');
    const { requestId } = res.locals.body;
    transaction.fetchedBy ??= requestId;
    if (transaction.fetchedBy !== requestId) return void problem(res, 409, 'challenge_already_fetched');
    await sendSealed(res, {
      purpose: 'challenge',
      transactionId: transaction.id,
      enrolmentId: res.locals.phone.enrolmentId,
      requestId,
      type: 'push',
      method: 'push',
      message: 'Pay 10 € to Bob?',
      expiresAt: transaction.expiresAt,
      nonce: transaction.nonce,
    });
  });

  app.post('/device/v1/transactions/:id/answer', async (req, res) => {
    const transaction = transactions.get(req.params.id);
    if (!transaction) return void problem(res, 404, 'transaction_unknown');
    const { answer } = res.locals.body;
    const opened = await openAnswer(answer, res.locals.phone);
    if (opened.decision === 'approve' && opened.nonce !== transaction.nonce) {
      return void problem(res, 409, 'challenge_not_read');
    }
    if (transaction.answers.length > 0 && !transaction.answers.includes(answer)) {
      return void problem(res, 409, 'transaction_already_settled');
    }
    if (!transaction.answers.includes(answer)) transaction.answers.push(answer);
    if (server.recordOnly) return void res.status(202).json({ status: 'recorded' });
    transaction.status = opened.decision === 'approve' ? 'approved' : 'denied';
    await sendSealed(res, {
      purpose: 'answer_reply',
      transactionId: transaction.id,
      enrolmentId: res.locals.phone.enrolmentId,
      answerSha256: createHash('sha256').update(answer).digest('base64url'),
      status: transaction.status,
    });
  });

  async function verifyProof(req: Request): Promise<{ id: string; isFresh: boolean; phone: Phone | undefined }> {
    const proof = String(req.headers['device-proof']);
    const header = decodeProtectedHeader(proof);
    const phone = header.kid ? phones.get(header.kid) : undefined;
    const jwk = phone?.signingKey ?? (header.jwk as JWK | undefined);
    if (!jwk) return { id: randomUUID(), isFresh: true, phone };
    const { payload } = await jwtVerify(proof, await importJWK(jwk, 'ES256'), {
      typ: 'countersign-proof+jwt',
      algorithms: ['ES256'],
    });
    const body = typeof req.body === 'string' ? req.body : '';
    const expected = {
      htm: req.method,
      htu: url + req.path,
      body_sha256: createHash('sha256').update(body).digest('base64url'),
    };
    expect(payload).toMatchObject(expected);
    if (phone && header.jwk) throw new Error('an enrolled phone names its enrolment, not its key');
    if (!phone) await calculateJwkThumbprint(jwk);
    const isFresh = Math.abs(clock().getTime() / 1_000 - Number(payload.iat)) <= 60;
    return { id: String(payload.jti), isFresh, phone };
  }

  async function sendSealed(res: Response, honest: Record<string, unknown>): Promise<void> {
    const content = server.forgery.content?.(honest) ?? honest;
    const signer = server.forgery.signWith === undefined ? serverKey : server.forgery.signWith;
    const message = await encrypt({
      message: await createMessage({ text: typeof content === 'string' ? content : JSON.stringify(content) }),
      encryptionKeys: await readKey({ armoredKey: res.locals.phone.pgpPublicKey }),
      ...(signer && { signingKeys: signer }),
    });
    res.json({ message });
  }

  async function openAnswer(armored: string, phone: Phone): Promise<{ decision: string; nonce?: string }> {
    const { data } = await decrypt({
      message: await readMessage({ armoredMessage: armored }),
      decryptionKeys: serverKey,
      verificationKeys: await readKey({ armoredKey: phone.pgpPublicKey }),
      expectSigned: true,
    });
    expect(Buffer.byteLength(String(data)) % 256).toBe(0);
    return JSON.parse(String(data));
  }

  function problem(res: Response, status: number, code: string, extra: object = {}): void {
    res
      .status(status)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', title: code, status, code, ...extra }));
  }

  const listening = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;

  return Object.assign(server, {
    url,
    faults,
    seen,
    /** The proofs that were not fresh by its clock. */
    refusedForClock,
    phones,
    serverKey,
    /** Puts a transaction on the server, as a portal's begin would. */
    begin({ lifeMs = 120_000, listed = true } = {}): TestTransaction {
      const transaction: TestTransaction = {
        id: randomUUID(),
        nonce: randomUUID(),
        expiresAt: new Date(Date.now() + lifeMs).toISOString(),
        listed,
        answers: [],
        status: 'pending',
      };
      transactions.set(transaction.id, transaction);
      return transaction;
    },
    /** What was asked of one operation, in order. */
    seenAt: (operation: string) => seen.filter(({ path }) => path.endsWith(operation)),
    async close(): Promise<void> {
      listening.closeAllConnections();
      await new Promise((resolve) => listening.close(resolve));
    },
  });
}

export type DeviceServer = Awaited<ReturnType<typeof startDeviceServer>>;
