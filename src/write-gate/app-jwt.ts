import { createPrivateKey, createSign } from 'node:crypto';

import { inputError } from '../domain/errors.ts';

export interface AppCredential {
  readonly kind: 'app';
  readonly appId: string;
  /** PEM, PKCS#1 or PKCS#8. Line breaks may be written as `\n`, as they often are in a secret. */
  readonly privateKey: string;
}

// GitHub allows ten minutes; a clock that is a little off must not matter at either end.
const LIFE_SECONDS = 9 * 60;
const SKEW_SECONDS = 30;

/** The App's own token (RS256), which can only ask for installation tokens. `nowSeconds`: since the epoch. */
export function createAppJwt({ appId, privateKey }: AppCredential, nowSeconds: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: nowSeconds - SKEW_SECONDS, exp: nowSeconds - SKEW_SECONDS + LIFE_SECONDS, iss: appId };
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(readKey(privateKey), 'base64url')}`;
}

function readKey(privateKey: string) {
  try {
    return createPrivateKey(privateKey.replaceAll('\\n', '\n'));
  } catch {
    // The cause is left out: it could quote the key.
    throw inputError('app-key', 'The App’s private key cannot be read. Store the whole PEM file, from BEGIN to END, as the environment secret COUNTERSIGN_APP_PRIVATE_KEY.');
  }
}
