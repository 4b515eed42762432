/** The form in which a change is written; said to every role that writes one. */
export const EDIT_BLOCKS = `Answer with fenced blocks and short prose between them. Use a fence of four backticks when the content has three. Four kinds:

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

A search text must occur exactly once in the file at the pinned commit, whole lines, with its indentation; nothing is guessed. When the lines that change occur several times, add the lines around them until the text is unique. One block may hold several SEARCH/REPLACE pairs for its file. Name the task of the plan that a block serves.`;
