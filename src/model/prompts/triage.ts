export const TRIAGE_PROMPT = `Judge whether this issue can be worked on now.

- GO: the problem is clear, the outcome can be checked, and the repositories hold what is to change.
- NO_GO: it should not be done here (already done, harmful, not this project's matter). Give the reason.
- DEFER: something has to be answered first. Put each question into "unknowns" with "blocking": true, ids q1, q2, ….

Give reasons with the ids of what you cite. Put every file you rely on into "cites".

{{issue}}

{{context}}
`;
