import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import * as der from './der.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const LIFETIME_DAYS = 365;

const ECDSA_WITH_SHA256 = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = der.objectIdentifier('2.5.4.3');
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

/** A certificate of a server, and what its clients must trust; all PEM. */
export interface ServerCertificate {
  /** Certificate of the authority that signed it, made for this one alone: its key is kept nowhere. */
  readonly authority: string;
  readonly certificate: string;
  /** PKCS #8, P-256. */
  readonly privateKey: string;
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

interface Subject {
  readonly name: string;
  readonly publicKey: KeyObject;
}

/** Makes an authority and a certificate (RFC 5280) for these host names and IPv4 addresses; good for a year. */
export function makeServerCertificate(hosts: readonly string[], nowMs = Date.now()): ServerCertificate {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const expiresAtMs = nowMs + LIFETIME_DAYS * DAY_MS;
  const validity = der.sequence(der.utcTime(new Date(nowMs - DAY_MS)), der.utcTime(new Date(expiresAtMs)));
  const issuer = { name: 'Countersign simulated authority', publicKey: authority.publicKey };
  const make = (subject: Subject, extensions: readonly Buffer[]): string =>
    makeCertificate(subject, { issuer: issuer.name, key: authority.privateKey, validity, extensions });
  return {
    authority: make(issuer, [
      extension(BASIC_CONSTRAINTS, der.sequence(der.boolean(true)), true),
      // keyCertSign alone: the sixth bit, two unused
      extension(KEY_USAGE, Buffer.from([0x03, 0x02, 0x02, 0x04]), true),
    ]),
    certificate: make({ name: hosts[0] ?? 'localhost', publicKey: server.publicKey }, [
      extension(EXTENDED_KEY_USAGE, der.sequence(der.objectIdentifier(SERVER_AUTHENTICATION))),
      extension(SUBJECT_ALTERNATIVE_NAME, der.sequence(...hosts.map(generalName))),
    ]),
    privateKey: server.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    expiresAtMs,
  };
}

interface Signing {
  readonly issuer: string;
  readonly key: KeyObject;
  readonly validity: Buffer;
  readonly extensions: readonly Buffer[];
}

function makeCertificate({ name, publicKey }: Subject, { issuer, key, validity, extensions }: Signing): string {
  const version3 = der.explicit(0, der.integer(Buffer.from([2])));
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);
  const toBeSigned = der.sequence(
    version3,
    der.integer(serial),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer),
    validity,
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(...extensions)),
  );
  const certificate = der.sequence(toBeSigned, ECDSA_WITH_SHA256, der.bits(sign('sha256', toBeSigned, key)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function distinguishedName(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(COMMON_NAME, der.utf8(commonName))));
}

function extension(identifier: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [der.boolean(true)] : [];
  return der.sequence(der.objectIdentifier(identifier), ...critical, der.octets(value));
}

function generalName(host: string): Buffer {
  if (isIP(host) === 4) return der.implicit(7, Buffer.from(host.split('.').map(Number)));
  return der.implicit(2, Buffer.from(host, 'latin1'));
}
