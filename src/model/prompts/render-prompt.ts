import type { ContextFile, RepositoryContext } from '../../domain/context.ts';
import type { ArtifactKind, Documents } from '../../domain/documents.ts';
import { storable } from '../recipe/issue.ts';
import { topologyFor } from '../topology.ts';
import type { Answer } from '../../domain/workflow.ts';
import type { HashValue, PinnedIssue } from '../roles.ts';

/** Fills `{{name}}` places in one pass: what is filled in is never looked at again. A place without a value is a defect. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!Object.hasOwn(values, name)) throw new TypeError(`the template has a place for ${name}, but there is no value`);
    return values[name] ?? '';
  });
}

/**
 * Outside text between marks that it cannot forge: the mark carries the text's own hash. This helps a model to tell
 * data from its task; nothing relies on it.
 */
export function untrusted(kind: string, text: string, hash: HashValue): string {
  const plain = storable(text);
  const mark = hash({ kind, text: plain }).slice(0, 16);
  return `<untrusted kind="${kind}" mark="${mark}">\n${plain}\n</untrusted mark="${mark}">`;
}

export function issueText(issue: PinnedIssue, answers: readonly Answer[], hash: HashValue): string {
  const given = answers.map(({ id, question, answer, login }) => `Asked before (${id}): ${question ?? 'no question'}\nAnswered by ${login}: ${answer}`).join('\n\n');
  return untrusted('issue', `Title: ${issue.title}\n\n${issue.body}${given === '' ? '' : `\n\n${given}`}`, hash);
}

/** A document as a later role is shown it: what it says, without the envelope. Ids and hashes tell a model nothing, and would make every prompt another. */
export function documentText(document: Documents[ArtifactKind]): string {
  const { topology: _topology, ...written } = { topology: null, ...document };
  const { schemaVersion: _schema, workflow: _workflow, stage: _stage, author: _author, inputHashes: _inputs, contextHash: _context, evidence, ...content } = written;
  return JSON.stringify({ ...content, evidence: evidence.map(({ id, repo, path, lines }) => ({ id, repo, path, lines })) });
}

/** Facts and file texts of the context, in its own order. */
export function contextText(context: RepositoryContext, hash: HashValue): string {
  const repos = context.repos.map((repo) => ({
    repo: repo.repo, role: repo.role,
    languages: repo.languages.map(({ language, files }) => `${language} (${files})`),
    packages: repo.manifests.map(({ path, name, dependencies }) => ({ path, name, dependencies: dependencies.map((dependency) => dependency.name).slice(0, 100) })),
    entryPoints: repo.entryPoints, ci: repo.ci,
    tests: repo.tests.map(({ path, covers }) => ({ path, covers: covers.map((covered) => covered.path) })).slice(0, 200),
  }));
  const { components, links, crossRepo, omitted } = topologyFor(context);
  const known = new Map(context.repos.flatMap(({ repo, files }) => files.map((file) => [`${repo}\0${file.path}`, file] as const)));
  const files = context.shown.map(({ repo, path, end, text }) => `--- ${repo} ${path} (bytes 0 to ${end}${anchorsOf(known.get(`${repo}\0${path}`), text)})\n${text}`);
  const cut = context.manifest.cutOff.slice(0, 500).map(({ repo, path, files: count, reason }) => `${repo} ${path}${count > 1 ? ` (${count} files)` : ''}: ${reason}`);
  return untrusted('repositories', [JSON.stringify(repos, null, 1), `Components, who uses whom, and what crosses repositories:\n${[...components, ...links, ...crossRepo].map((fact) => JSON.stringify(fact)).join('\n')}\nNot listed: ${JSON.stringify(omitted)}`, ...files, `Not shown, or not in full:\n${cut.join('\n')}`].join('\n\n'), hash);
}

const ANCHORS_MAX = 60;

/** Numbers to cite lines by, without a number before each line: that would stand in the way of copying lines exactly. */
function anchorsOf(file: ContextFile | undefined, text: string): string {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const defined = (file?.symbols ?? []).filter(({ kind, line }) => kind !== 'value' && line <= lines);
  const shown = defined.slice(0, ANCHORS_MAX).map(({ name, line }) => `${name} ${line}`);
  return `, lines 1 to ${lines}${shown.length === 0 ? '' : `; begins at line: ${shown.join(', ')}${defined.length > ANCHORS_MAX ? ', …' : ''}`}`;
}
