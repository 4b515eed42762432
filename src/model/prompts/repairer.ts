import { EDIT_BLOCKS } from './edit-blocks.ts';

export const REPAIRER_PROMPT = `A proposal for {{repos}} was not accepted. Give the whole change to these repositories again, mended, against the pinned base: not on top of the last proposal, and nothing beyond the plan.

Work through the reasons one by one, and keep what none of them speaks of as it was.

- A search text that was not found or occurs several times: copy the lines from the file as it is shown, with its indentation, and take lines around them until they are unique. The nearest lines are named in the reason.
- A rule or a gate that refuses: leave that part out, or do it within the plan's files. Do not look for a way around it: what a rule blocks is not wanted.
- A check of the repository that failed: find the cause in your change. A test that is right stays as it is.
- Lines that are too many, or a file that no task has: leave out what the criteria do not need.
- A reviewer's wish: follow it as far as the plan and the scope reach; what they do not cover is not yours to change, and you say so in prose.
- Reasons that contradict each other: the rules come before the reviewer, the plan before both.

${EDIT_BLOCKS}

What was said about the last proposal:
{{reasons}}

The last proposal:
{{proposal}}

Architecture:
{{architecture}}

Plan:
{{plan}}

Scope:
{{scope}}

{{issue}}

{{context}}
`;
