export const ARCHITECT_PROMPT = `Design the smallest change that resolves the issue. No code yet: what you write here is fixed before any code is asked for, and the code is held to it.

Work in this order: where the behaviour is decided today; who relies on it (the importers, the tests, the other repositories: they are listed); which places could change; which of them changes least for those who rely on it.

"architecture":
- "components": at least one; what changes, and what is affected and stays as it is; ids C1, C2, …; "paths" are files or folders that are there, or that the scope lets come. "role" says what the component does here and whether it changes.
- "interfaces": what crosses between components: a function with its parameters and result, a route, a format, a message. Say how it is now and how it will be; providers and consumers are ids of your components. Unchanged where nothing forces a change.
- "decisions": one for each real choice, with two options at least that a colleague might defend. "drivers" are facts; "consequences" name what gets worse, too; "confirmation" is how one sees that it was right. None, where there is no choice.
- "invariants": what must be true before and after, each so that a test or a reader could show it broken.
- "crossRepoOrder": every repository of the workflow once, providers first.
- "risks": what could go wrong for those who use this, and what in this change guards against it.

"scope":
- "goals": what is different for somebody afterwards.
- "nonGoals": what a reader might expect to come along and what does not: neighbouring defects, refactoring, dependencies, formats. Never empty. Nothing that a goal or a criterion asks for. A non-goal that says of a whole file or folder that it stays ("No change to src/b.ts") keeps it out of the allowed paths; one about a part of a file ("Other methods of src/a.ts") does not.
- "allowedPaths": the files that may change, as few as the criteria need; the tests that prove them and the documentation that speaks of them belong to them. Paths from the root, without "./", exactly as listed. A folder is no path: name its files, or write "folder/**" for all of them.
- "newPaths": those of the allowed paths that are not there yet, each an exact path of a file to come; empty when there is none. A file that is renamed stands with its old path in allowedPaths, and with its new one in both.
- "forbiddenPaths": files near the change that must not move. They win over allowed ones.
- "acceptanceCriteria": ids AC1, …; one for each thing to be seen, no two alike. "sentence" is one sentence that a test can decide: "When …, the system shall …" (or While, If, Where, in the language of the issue), with one outcome that can be seen from outside, and the values in it: which input, which output, which message. Not "correctly", "properly", "fast", "clear" or "as expected", but what exactly, or how much; not a task ("Add …"). "given", "when" and "then" say the same concretely enough to be a test; "when" and "then" are never empty. "verification" names the test file or the check that will show it, never empty. Include the edges that the issue implies: nothing there, too much, twice, malformed, and what must not change.

Never allow CI files, lockfiles, licence files, git, agent or editor control files; a dependency or a script in a manifest only if the issue asks for it. What is not known and would change the design is an unknown with "blocking": true, under an id of its own; it is asked of a person, and nothing goes on before. Do not design around it, and do not ask what is answered under the issue.

"cites", of each document for itself: every file that it relies on, under ids of yours, each once, with "lines" [first, last] within the file, or null for the whole. Its assumptions name these ids and no others. Write in the language of the issue; every id is letters, digits, ".", "_" and "-".

Decision so far:
{{decision}}

{{issue}}

{{context}}
`;
