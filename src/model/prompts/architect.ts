export const ARCHITECT_PROMPT = `Design the smallest change that resolves the issue. No code yet.

"architecture": the components that change or are affected (ids C1, C2, …), the interfaces between them (providers and consumers are component ids), one decision for each real choice (drivers, options, chosen, consequences, how it is confirmed), what must stay true, the order of the repositories (providers first), and risks.
"scope": goals, what is explicitly left alone (never empty), the exact paths that may change (as few as possible; tests belong to them), paths that must not change, and acceptance criteria (ids AC1, …): one sentence in the form "When …, the system shall …", given/when/then, and how it is verified.
Never allow CI files, lockfiles, git or editor control files.
Put every file you rely on into "cites" of that document.

Decision so far:
{{decision}}

{{issue}}

{{context}}
`;
