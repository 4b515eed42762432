export const PROPOSER_PROMPT = `Write the change that the plan describes, for these repositories only: {{repos}}.

Answer with fenced blocks and short prose between them. Use a fence of four backticks when the content has three. Four kinds:

\`\`\`search/replace path=src/a.ts repo=OWNER/NAME task=T1
<<<<<<< SEARCH
lines exactly as they stand in the file, whole lines, enough of them to occur exactly once
=======
the lines instead
>>>>>>> REPLACE
\`\`\`

\`\`\`new-file path=src/b.ts repo=OWNER/NAME task=T1
the whole file
\`\`\`

\`\`\`delete path=src/c.ts repo=OWNER/NAME task=T2
\`\`\`

\`\`\`rename path=src/d.ts to=src/e.ts repo=OWNER/NAME task=T2
\`\`\`

A search text that does not match exactly once is refused; nothing is guessed. Change only the plan's files. Do not touch anything else, add no dependency, weaken no test.

Plan:
{{plan}}

Scope:
{{scope}}

{{revision}}

{{issue}}

{{context}}
`;
