export const PLANNER_PROMPT = `Plan the work within the scope. The plan is a promise: code that touches a file of no task is refused.

"tasks": ids T1, T2, …; each is one step that a colleague could review by itself, in one repository. It names
- its files, each with "add", "modify" or "delete" as the pinned commit has it, all within the allowed paths; a file belongs to exactly one task;
- the criteria that it serves: every criterion has a task, every task a criterion; a task with a criterion holds the test of that criterion or depends on the one that does;
- the tasks that must be done before it: providers before users, in the order of the repositories;
- "verification": the test that fails without it and passes with it, by file, or the check that shows it.
Every repository of the workflow has a task. Plan no file that a non-goal leaves alone, none "just in case".

"budget": files, and changed lines with a little room: about a third over your estimate. "rollback": what a person does to undo it, in order; say what a revert does not undo.
What you do not know and would change the plan is an unknown with "blocking": true.
Put every file you rely on into "cites".

Architecture:
{{architecture}}

Scope:
{{scope}}

{{issue}}

{{context}}
`;
