export const ARCHITECT_PROMPT = `Design the smallest change that resolves the issue. No code yet: what you write here is fixed before any code is asked for, and the code is held to it.

Work in this order: where the behaviour is decided today; who relies on it (the importers, the tests, the other repositories: they are listed); which places could change; which of them changes least for those who rely on it.

"architecture":
- "components": what changes, and what is affected and stays as it is; ids C1, C2, …; "paths" are files or folders that are there, or that the scope lets come. "role" says what the component does here and whether it changes.
- "interfaces": what crosses between components: a function with its parameters and result, a route, a format, a message. Say how it is now and how it will be; providers and consumers are component ids. Unchanged where nothing forces a change.
- "decisions": one for each real choice, with two options at least that a colleague might defend. "drivers" are facts; "consequences" name what gets worse, too; "confirmation" is how one sees that it was right.
- "invariants": what must be true before and after, each so that a test or a reader could show it broken.
- "crossRepoOrder": every repository once, providers first.
- "risks": what could go wrong for those who use this, and what in this change guards against it.

"scope":
- "goals": what is different for somebody afterwards.
- "nonGoals": what a reader might expect to come along and what does not: neighbouring defects, refactoring, dependencies, formats. Never empty. Nothing that the criteria need.
- "allowedPaths": exact files, as few as the criteria need; the tests that prove them belong to them. A file that does not exist yet stands with its full path.
- "forbiddenPaths": files near the change that must not move.
- "acceptanceCriteria": ids AC1, …; each one sentence, "When …, the system shall …" (or While, If, Where), with one outcome that can be seen from outside, and the values in it: which input, which output, which message. Not "correctly", "properly" or "as expected". given, when and then are concrete enough to be a test; "verification" names the test file or the check that will show it. Include the edges that the issue implies: nothing there, too much, twice, malformed, and what must not change.

Never allow CI files, lockfiles, git or editor control files. What is not known and would change the design is an unknown with "blocking": true; do not design around it.
Put every file you rely on into "cites" of that document.

Decision so far:
{{decision}}

{{issue}}

{{context}}
`;
