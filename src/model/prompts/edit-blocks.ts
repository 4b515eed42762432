/** The form in which a change is written; said to every role that writes one. */
export const EDIT_BLOCKS = `Answer with fenced blocks and short prose between them. Only blocks of these four kinds are read; code in any other fence is not. Close every fence with as many backticks as opened it, four or more when the content has three.

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

- A search text must occur exactly once in the file at the pinned commit, whole lines, with its indentation; nothing is guessed. When the lines that change occur several times, add the lines around them until the text is unique.
- Search texts are looked for in the pinned file, never in what another block makes of it. One block may hold several SEARCH/REPLACE pairs for its file; no two may overlap.
- Take a few lines around what changes, not the whole file. A file that is there is never given anew as new-file.
- To take lines out, leave the part below ======= empty. When the content itself has a line of seven "=", "<" or ">", write all three markers of the pair one character longer.
- A path is added, deleted or renamed once; a renamed file may be edited as well, by its old path. A block that changes nothing is refused.
- Name the task of the plan that a block serves; it must be one that lists the file. A path with spaces stands in double quotes.`;
