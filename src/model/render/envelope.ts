import type { AnyDocument } from '../../domain/documents.ts';
import { code, codes, inline, join, list, section, table } from './markdown.ts';

/** Who wrote it, from what, and what it cites: the same head and foot for every document. */
export function withEnvelope(document: AnyDocument, title: string, parts: readonly string[]): string {
  const author = document.author === 'recipe' ? 'No model was used: the recipe runner wrote this from the issue and the repositories.' : `Written by the model ${code(document.author)}, checked by schema and gates.`;
  return join([
    `# ${title}`,
    `${author} Workflow ${code(document.workflow)}, context ${code(document.contextHash.slice(0, 12))}.`,
    ...parts,
    section('Open and answered questions', unknowns(document)),
    section('Assumptions', list(document.assumptions.map(({ id, text, evidenceIds }) => `${code(id)} ${inline(text)} (${codes(evidenceIds)})`))),
    section('Evidence', evidence(document)),
  ]);
}

function unknowns(document: AnyDocument): string {
  const rows = document.unknowns.map(({ id, question, whyItMatters, blocking, answer }) => [code(id), inline(question), inline(whyItMatters), blocking ? 'yes' : 'no', answer === null ? '–' : inline(answer)]);
  return table(['Id', 'Question', 'Why it matters', 'Blocking', 'Answer'], rows);
}

function evidence(document: AnyDocument): string {
  const rows = document.evidence.map(({ id, repo, path, lines, commit, blob }) => [code(id), code(repo), code(path), lines === null ? 'all' : `${lines[0]}–${lines[1]}`, code(commit.slice(0, 7)), code(blob.slice(0, 12))]);
  return table(['Id', 'Repository', 'Path', 'Lines', 'Commit', 'Blob'], rows);
}
