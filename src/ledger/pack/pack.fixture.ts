import { verifyPack } from './verify-pack.ts';

// Bundled for the browser by browser.test.ts: verifies the bytes that the page was given.
declare global {
  var verifyEvidencePack: (base64: string) => Promise<unknown>;
}

globalThis.verifyEvidencePack = async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += 10_000) yield await Promise.resolve(bytes.subarray(at, at + 10_000));
  })();
  return verifyPack({ chunks }).catch((error: unknown) => ({ thrown: String(error) }));
};
