import { TypedError } from './errors.ts';

/** GraphQL's paging arguments. GitHub wants exactly one of `first` and `last`, at most 100. */
export interface ConnectionArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

const SIZE_MAX = 100;
const cursorOf = (index: number): string => Buffer.from(`cursor:${index}`).toString('base64');

function indexOf(cursor: string | null | undefined, otherwise: number): number {
  if (cursor === null || cursor === undefined) return otherwise;
  const index = /^cursor:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('latin1'))?.[1];
  if (index === undefined) throw new TypedError('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`);
  return Number(index);
}

/** One page of `items` as a connection: `nodes`, `totalCount`, `pageInfo`. `name` is for GitHub's complaint about a missing size. */
export function connectionOf<T, Node>(items: readonly T[], given: ConnectionArguments, { name, node }: { readonly name: string; readonly node: (item: T) => Node }): Record<string, unknown> {
  const size = given.first ?? given.last;
  if (size === null || size === undefined) throw new TypedError('MISSING_PAGINATION_BOUNDARIES', `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`);
  if (size < 0 || size > SIZE_MAX) throw new TypedError('EXCESSIVE_PAGINATION', `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of ${SIZE_MAX} records.`);
  const from = indexOf(given.after, -1) + 1;
  const to = Math.min(indexOf(given.before, items.length), items.length);
  const isFirst = given.first !== null && given.first !== undefined;
  const start = isFirst ? from : Math.max(from, to - size);
  const end = isFirst ? Math.min(to, from + size) : to;
  const cursor = (index: number): string | null => (start < end ? cursorOf(index) : null);
  return {
    totalCount: items.length, nodes: () => items.slice(start, end).map((item) => node(item)),
    pageInfo: { hasNextPage: end < items.length, hasPreviousPage: start > 0, startCursor: cursor(start), endCursor: cursor(end - 1) },
  };
}
