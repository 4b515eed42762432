const STRENGTH: Readonly<Record<string, number>> = { sha512: 5, sha384: 4, sha256: 3, h1: 3, blake2b: 4, sha224: 2, sha1: 1, md5: 0 };

/** `sha512-BASE64 sha1-BASE64`, as npm and its relatives write it, as `ALGORITHM:DIGEST`. What cannot be read counts as nothing. */
export function parseIntegrity(text: string | null): string[] {
  if (text === null) return [];
  return text.trim().split(/\s+/).flatMap((part) => {
    const [, algorithm, digest = ''] = /^(sha\d+|md5|blake2b)-([A-Za-z0-9+/=_-]+)(?:\?.*)?$/.exec(part) ?? [];
    return algorithm === undefined ? [] : [`${algorithm}:${digest}`];
  }).toSorted();
}

/** Hashes as Python's tools, Cargo and others write them: `sha256:HEX`, or a plain digest whose length tells the algorithm. */
export function hexIntegrity(text: string | null): string[] {
  if (text === null || text === '') return [];
  const [, algorithm, digest] = /^(?:(sha\d+|md5|blake2b)[:=])?([0-9a-f]+)$/i.exec(text.trim()) ?? [];
  if (digest === undefined) return [];
  const byLength: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 56: 'sha224', 64: 'sha256', 96: 'sha384', 128: 'sha512' };
  const known = algorithm?.toLowerCase() ?? byLength[digest.length];
  return known === undefined ? [] : [`${known}:${digest.toLowerCase()}`];
}

/** The strongest algorithm among these, as a rank; below zero when there is none. */
export const strengthOf = (integrity: readonly string[]): number => Math.max(-1, ...integrity.map((each) => STRENGTH[each.split(':')[0] ?? ''] ?? -1));
export const algorithmOf = (integrity: readonly string[]): string => integrity.map((each) => each.split(':')[0] ?? '').toSorted((a, b) => (STRENGTH[b] ?? -1) - (STRENGTH[a] ?? -1))[0] ?? 'none';
