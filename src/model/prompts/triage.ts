export const TRIAGE_PROMPT = `Judge whether this issue can be worked on now. You recommend; rules and people decide.

First find, in what is shown, where the behaviour lives that the issue speaks of. Then choose:

- GO: the problem is clear, it can be seen when it is solved, and the files that would change are here.
- NO_GO: it should not be done here: it is done already (cite where), it is harmful, it is not this project's matter, or it asks for what the project's own documents rule out. The reason names the fact that decides.
- DEFER: something has to be answered first. Put each question into "unknowns" with "blocking": true: one question each, that a person can answer in a sentence without reading this, with the options you see, and in "whyItMatters" what would be built differently. Ask only what changes the outcome and what the code does not tell.

An open question with "blocking": true stops the work until a person answers it, whatever the verdict. Give each question an id of its own (q1, q2, …). What was answered stands under the issue with its question: take it as said, and do not ask it again.

"reasons": two to five, each a fact and what follows from it, with the ids of what you cite. Say what is there today, not what the issue claims; where the two differ, that is a reason.
"risk": high when other packages or repositories use what changes, when data or dependencies change, or when it can not be undone by a revert; low only when few files change and tests cover them.
"missingContext": files or facts that you would need and that are not shown. "duplicates": only what is shown to be one. "deferUntil": null, or what has to happen first.
"assumptions": what you take for true without having seen it, each something that a reader could check. A doubt that would not change the outcome is an unknown with "blocking": false.

"cites": every file that you rely on, under ids of yours (E1, E2, …), each once; reasons and assumptions name these ids and no others. A path is written exactly as it is listed. "lines" is [first, last], within the lines that the file's heading gives (it also says where definitions begin), or null for the whole file.
Every id is letters, digits, ".", "_" and "-". Write in the language of the issue.

{{issue}}

{{context}}
`;
