import type { Architecture } from '../../domain/documents.ts';
import { withEnvelope } from './envelope.ts';
import { code, codes, inline, list, section, table } from './markdown.ts';

export function renderArchitecture(document: Architecture): string {
  return withEnvelope(document, 'Architecture', [
    section('Components', table(['Id', 'Repository', 'Role', 'Paths'], document.components.map(({ id, repo, role, paths }) => [code(id), code(repo), inline(role), codes(paths)]))),
    section('Interfaces', table(['Id', 'What', 'Provided by', 'Used by'], document.interfaces.map(({ id, description, providers, consumers }) => [code(id), inline(description), codes(providers), codes(consumers)]))),
    ...document.decisions.map((decision) => renderChoice(decision)),
    section('Invariants', list(document.invariants.map((text) => inline(text)))),
    section('Order of the repositories', list(document.crossRepoOrder.map(code))),
    section('Risks', table(['Risk', 'Mitigation'], document.risks.map(({ text, mitigation }) => [inline(text), inline(mitigation)]))),
  ]);
}

/** One decision in MADR's form. */
function renderChoice({ id, title, drivers, options, chosen, consequences, confirmation }: Architecture['decisions'][number]): string {
  const part = (name: string, items: readonly string[]): string => (items.length === 0 ? '' : `**${name}**\n\n${list(items.map((item) => inline(item)))}`);
  const parts = [part('Drivers', drivers), part('Options', options), `**Chosen:** ${inline(chosen)}`, part('Consequences', consequences), `**Confirmation:** ${inline(confirmation)}`];
  return section(`Decision ${inline(id)}: ${inline(title)}`, parts.filter((each) => each !== '').join('\n\n'));
}
