export const PLANNER_PROMPT = `Plan the work within the scope.

Tasks (ids T1, T2, …): each serves one repository, names its files with the operation, the criteria it serves, the tasks it needs first, and how it is verified. Every criterion has a task, every task a criterion, every file is within the allowed paths and belongs to exactly one task. Declare a budget in files and changed lines with a little room, and how to roll back.
Put every file you rely on into "cites".

Architecture:
{{architecture}}

Scope:
{{scope}}

{{issue}}

{{context}}
`;
