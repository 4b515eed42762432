export const TRIAGE_PROMPT = `Judge whether this issue can be worked on now. You recommend; rules and people decide.

First find, in what is shown, where the behaviour lives that the issue speaks of. Then choose:

- GO: the problem is clear, it can be seen when it is solved, and the files that would change are here.
- NO_GO: it should not be done here: it is done already (cite where), it is harmful, it is not this project's matter, or it asks for what the project's own documents rule out. The reason names the fact that decides.
- DEFER: something has to be answered first. Put each question into "unknowns" with "blocking": true, ids q1, q2, …: one question each, that a person can answer in a sentence without reading this, with the options you see, and in "whyItMatters" what would be built differently. Ask only what changes the outcome and what the code does not tell.

"reasons": two to five, each a fact and what follows from it, with the ids of what you cite. Say what is there today, not what the issue claims; where the two differ, that is a reason.
"risk": high when other packages or repositories use what changes, when data or dependencies change, or when it can not be undone by a revert; low only when few files change and tests cover them.
"missingContext": files or facts that you would need and that are not shown. "duplicates": only what is shown to be one.
"assumptions": what you take for true without having seen it, each something that a reader could check. A doubt that would not change the outcome is an unknown with "blocking": false.
Put every file you rely on into "cites", with the lines where they matter (each file's heading says where its definitions begin; null stands for the whole file); the ids are yours (E1, E2, …) and stand in the reasons.

{{issue}}

{{context}}
`;
