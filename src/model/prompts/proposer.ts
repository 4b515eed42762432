import { EDIT_BLOCKS } from './edit-blocks.ts';

export const PROPOSER_PROMPT = `Write the change that the plan describes, for these repositories only: {{repos}}.

Before you write, read the files that the plan names as they are shown, and the ones that use them. Take the tasks in their order. For each criterion of a task, know which line of yours fulfils it and which test shows it.

- Keep to what stands there: names, layout, error handling, how tests are written. No new style, no new helper where one exists.
- Make the smallest change that fulfils the criteria. Leave alone what a non-goal names, and defects that you merely notice.
- Keep every interface that the architecture does not change: exported names, parameters, formats, messages that others may read.
- Write the tests that the plan names; each must fail without the change. Change a test that exists only where a criterion changes what it asserts; delete, skip or weaken none.
- Handle what the criteria imply at the edges: nothing there, too much, twice, malformed. Fail with a message that says what to do, in the way errors are made here.
- Change only the plan's files, each under its own task and with the plan's operation, within the plan's budget of files and lines. Every repository named above needs a block.
- No dependency, generated file, lockfile, CI, symbolic link, executable bit or binary file; no invisible characters; no secret, not even an example of one; no comment addressed to a reviewer, no note to yourself, no code that is not used.
- A file that is not shown in full cannot be edited where it is not shown. If a task cannot be done so, write what can be done and say in prose what is missing.

${EDIT_BLOCKS}

Architecture:
{{architecture}}

Plan:
{{plan}}

Scope:
{{scope}}

{{issue}}

{{context}}
`;
