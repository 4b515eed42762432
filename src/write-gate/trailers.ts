/** The trailers of a commit message: `Key: value` lines of its last paragraph. A repeated key keeps all values. */
export function parseTrailers(message: string): ReadonlyMap<string, readonly string[]> {
  const paragraphs = message.replaceAll('\r\n', '\n').trimEnd().split(/\n\s*\n/);
  const trailers = new Map<string, string[]>();
  if (paragraphs.length < 2) return trailers;
  for (const line of paragraphs.at(-1)?.split('\n') ?? []) {
    const [, key, value] = /^([A-Za-z0-9-]+): (.+)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) trailers.set(key, [...(trailers.get(key) ?? []), value.trim()]);
  }
  return trailers;
}

/** The trailers that make a commit ours: they must be there, once, with the same values, in both messages. */
const IDENTITY = ['Countersign-Workflow', 'Countersign-PatchSet', 'Countersign-Approval'] as const;

/** True when both messages name the same workflow, PatchSet and approval. */
export function isSameWrite(left: string, right: string): boolean {
  const [one, other] = [parseTrailers(left), parseTrailers(right)];
  return IDENTITY.every((key) => one.get(key)?.length === 1 && other.get(key)?.length === 1 && one.get(key)?.[0] === other.get(key)?.[0]);
}
