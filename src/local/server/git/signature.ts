// GitHub signs the commits that it makes itself. The local GitHub does so too, with a key of its own in git's SSH signature format
// (https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig), so that "verified" is computed from the commit's bytes and never just claimed.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const field = (bytes: Uint8Array | string): Buffer => {
  const content = Buffer.from(bytes);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(content.length);
  return Buffer.concat([size, content]);
};
const signedBytes = (payload: string): Buffer =>
  Buffer.concat([Buffer.from('SSHSIG'), field('git'), field(''), field('sha512'), field(createHash('sha512').update(payload).digest())]);

export class CommitSigner {
  readonly #key: KeyObject;
  readonly #publicBlob: Buffer;

  constructor(key: KeyObject) {
    this.#key = key;
    const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
    this.#publicBlob = Buffer.concat([field('ssh-ed25519'), field(raw)]);
  }

  /** The public half as a line of an `allowed_signers` file. */
  get allowedSigner(): string {
    return `noreply@github.localhost ssh-ed25519 ${this.#publicBlob.toString('base64')}\n`;
  }

  sign(payload: string): string {
    const signature = Buffer.concat([field('ssh-ed25519'), field(sign(null, signedBytes(payload), this.#key))]);
    const version = Buffer.of(0, 0, 0, 1);
    const whole = Buffer.concat([Buffer.from('SSHSIG'), version, field(this.#publicBlob), field('git'), field(''), field('sha512'), field(signature)]);
    const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
    return `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`;
  }

  /** Whether exactly this key signed exactly this payload. */
  isOurs(payload: string, armored: string): boolean {
    const whole = Buffer.from(armored.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
    if (whole.length < 64 || !whole.includes(this.#publicBlob)) return false;
    return verify(null, signedBytes(payload), createPublicKey(this.#key), whole.subarray(-64));
  }
}

/** Opens the key at `file`, or makes it. */
export function openSigner(file: string): CommitSigner {
  try {
    return new CommitSigner(createPrivateKey(readFileSync(file)));
  } catch {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
    return new CommitSigner(privateKey);
  }
}
