import type { AnyDocument } from '../../domain/documents.ts';
import { code, inline, join, list, section, table } from './markdown.ts';
import { evidenceLinks, isAlone, pinnedAt, placeLink, type Places } from './places.ts';

/** Who wrote it, from what, and what it cites: the same head and foot for every document. */
export function withEnvelope(document: AnyDocument, title: string, { parts, places }: { readonly parts: readonly string[]; readonly places: Places | null }): string {
  const author = document.author === 'recipe' ? 'No model was used: the recipe runner wrote this from the issue and the repositories.' : `Written by the model ${code(document.author)}, checked by schema and gates.`;
  const base = pinnedAt(places);
  return join([
    `# ${title}`,
    `${author} Workflow ${code(document.workflow)}, context ${code(document.contextHash.slice(0, 12))}${base === '' ? '' : `, ${base}`}.`,
    ...parts,
    section('Open and answered questions', unknowns(document)),
    section('Assumptions', list(document.assumptions.map(({ id, text, evidenceIds }) => `${code(id)} ${inline(text)}${evidenceIds.length === 0 ? '' : ` (${evidenceLinks(evidenceIds, document.evidence, places)})`}`))),
    section('Evidence', evidence(document, places)),
    madeFrom(document),
  ]);
}

function unknowns(document: AnyDocument): string {
  return list(document.unknowns.map(({ id, question, whyItMatters, blocking, options, answer, answeredBy }) => {
    const said = answer === null ? (blocking ? 'Open: nothing goes on before it is answered.' : 'Open, and does not hold the work up.') : `Answered${answeredBy === null ? '' : ` by ${inline(answeredBy)}`}: ${inline(answer)}`;
    return [`${code(id)} ${inline(question)}`, ...(whyItMatters.trim() === '' ? [] : [`  - Why it matters: ${inline(whyItMatters)}`]), ...(options.length === 0 || answer !== null ? [] : [`  - Options: ${options.map((option) => inline(option)).join(' · ')}`]), `  - ${said}`].join('\n');
  }));
}

function evidence({ evidence: cited }: AnyDocument, places: Places | null): string {
  const short = isAlone(places);
  const rows = cited.map((each) => [code(each.id), ...(short ? [] : [code(each.repo)]), placeLink(each, places), each.lines === null ? 'all' : each.lines[0] === each.lines[1] ? String(each.lines[0]) : `${each.lines[0]}–${each.lines[1]}`, ...(places === null ? [code(each.commit.slice(0, 7))] : []), code(each.blob.slice(0, 12))]);
  return table(['Id', ...(short ? [] : ['Repository']), 'Path', 'Lines', ...(places === null ? ['Commit'] : []), 'Blob'], rows);
}

/** The chain on the ledger: the issue's revision, then the documents before this one. */
const madeFrom = ({ inputHashes }: AnyDocument): string => (inputHashes.length === 0 ? '' : `Made from, by SHA-256: ${inputHashes.map((hash) => code(hash.slice(0, 12))).join(', ')}.`);
