import { inputError } from '../../domain/errors.ts';

/** An address that a key may be sent to. Throws an `input` error; `name` is what the address is called where it was given. */
export function assertModelUrl(url: string, name: string): void {
  // A key must not travel in the clear; a model on this machine needs no encryption.
  if (!URL.canParse(url) || !/^https:\/\/|^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$)/.test(url)) throw inputError('bad-model-url', `${name} must begin with https:// (http:// only for localhost).`);
  const { username, password, hash, searchParams } = new URL(url);
  if (username !== '' || password !== '' || hash !== '') throw inputError('bad-model-url', `${name} must hold no user name, password or #: the model's key is its own setting, and an address is no place for a secret.`);
  // It stands in a configuration that others read, and gateways take keys under any name.
  if ([...searchParams.keys()].some((each) => each !== 'api-version')) throw inputError('bad-model-url', `${name} may have ?api-version= and nothing else behind its path: the model's key is its own setting, and an address is no place for a secret.`);
}
