export const PLANNER_PROMPT = `Plan the work within the scope. The plan is a promise: code that touches a file of no task is refused.

"tasks": ids T1, T2, …; each is one step that a colleague could review by itself, in one repository. It names
- its files, each with "add", "modify" or "delete" as the pinned commit has it: "add" for what is not there, the others for what is; all within the allowed paths, none below a forbidden one. A rename is the old path with "delete" and the new one with "add", in the same task. A file belongs to one task: steps that change the same file are one;
- the criteria that it serves: every criterion has a task, every task a criterion; a task with a criterion holds the test of that criterion or depends on the one that does;
- "dependsOn": the tasks that must be done before it, never in a circle: providers before users, in the order of the repositories;
- "verification": the test that fails without it and passes with it, by file, or the check that shows it; never empty.
Every repository of the workflow has a task. Every new path of the scope is added by one. Plan no file that a non-goal leaves alone, none "just in case".

"budget": at least as many files as are planned, and changed lines (added and removed together, tests and documentation too) with room: about a third over your estimate. A change beyond it is refused. "rollback": what a person does to undo it, in order; say what a revert does not undo.
What you do not know and would change the plan is an unknown with "blocking": true, under an id of its own; it is asked of a person. Do not ask what is answered under the issue.
"cites": every file that you rely on, under ids of yours, each once, with "lines" [first, last] within the file, or null for the whole. Write in the language of the issue; every id is letters, digits, ".", "_" and "-".

Architecture:
{{architecture}}

Scope:
{{scope}}

{{issue}}

{{context}}
`;
