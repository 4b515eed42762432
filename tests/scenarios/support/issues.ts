// Small issues about local/api, for scenarios that need no more than one file.

export interface SmallIssue {
  readonly title?: string;
  /** The acceptance list; empty for none. */
  readonly acceptance?: readonly string[];
  /** Change blocks; empty for none. */
  readonly change?: string;
  readonly repositories?: readonly string[];
}

export const CRITERION = 'When a caller reads about `RateLimitError`, the table says how many tries come before it.';

const BEFORE = '| `RateLimitError` | HTTP 429 after the last try |';
export const AFTER = '| `RateLimitError` | HTTP 429 after the last of three tries |';

/** One line of a Markdown table: nothing depends on it, so that CI passes. */
export const DOCS_CHANGE = replaceLine({ path: 'docs/errors.md', before: BEFORE, after: AFTER });

export function replaceLine({ path, before, after }: { path: string; before: string; after: string }): string {
  return `\`\`\`search/replace path=${path} repo=local/api\n<<<<<<< SEARCH\n${before}\n=======\n${after}\n>>>>>>> REPLACE\n\`\`\``;
}

/** An issue for local/api that can be worked on as it stands, unless something is left out of it. */
export function smallIssue({ title = 'Say how many tries there are', acceptance = [CRITERION], change = DOCS_CHANGE, repositories = ['local/api'] }: SmallIssue = {}): string {
  const parts = [
    `# ${title}`,
    'The documentation of errors does not say how many tries come before a `RateLimitError`.',
    `## Repositories\n\n${repositories.map((repo) => `- ${repo}`).join('\n')}`,
    ...(acceptance.length > 0 ? [`## Acceptance criteria\n\n${acceptance.map((criterion) => `- [ ] ${criterion}`).join('\n')}`] : []),
    ...(change === '' ? [] : [`## The change\n\n${change}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}
