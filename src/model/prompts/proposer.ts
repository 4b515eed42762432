import { EDIT_BLOCKS } from './edit-blocks.ts';

export const PROPOSER_PROMPT = `Write the change that the plan describes, for these repositories only: {{repos}}.

Before you write, read the files that the plan names as they are shown, and the ones that use them. Keep to the style, the names and the error handling that stand there. Make the smallest change that fulfils every criterion of your tasks, with the tests that the plan names; a test must fail without the change. Handle what the criteria imply at the edges: nothing there, too much, twice, malformed. Change only the plan's files. Add no dependency, weaken no test, leave no note to yourself.

${EDIT_BLOCKS}

Plan:
{{plan}}

Scope:
{{scope}}

{{issue}}

{{context}}
`;
