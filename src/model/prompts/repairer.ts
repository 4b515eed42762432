import { EDIT_BLOCKS } from './edit-blocks.ts';

export const REPAIRER_PROMPT = `A proposal for {{repos}} was not accepted. Give the whole change to these repositories again, mended, against the pinned base: not on top of the last proposal, and nothing beyond the plan.

Work through the reasons one by one. A search text that was not found or occurs several times: copy the lines from the file as it is shown, with its indentation. A rule or a gate that refuses: leave that part out, or do it within the plan's files. A reviewer's wish: follow it as far as the plan and the scope reach; what they do not cover is not yours to change.

${EDIT_BLOCKS}

What was said about the last proposal:
{{reasons}}

The last proposal:
{{proposal}}

Plan:
{{plan}}

Scope:
{{scope}}

{{issue}}

{{context}}
`;
