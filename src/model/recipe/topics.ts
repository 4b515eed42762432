/** What a section of an issue is about, by its heading. `expected` counts as acceptance where nothing else does; `terms` is what a form makes everybody tick. */
export type Topic = 'acceptance' | 'expected' | 'non-goals' | 'repositories' | 'change' | 'terms' | 'problem';

const TOPICS: readonly (readonly [RegExp, Topic])[] = [
  [/^(?:(?:acceptance|success)(?: (?:criteri(?:a|on)|list|tests?|conditions?))?|criteria|(?:definition|conditions?) of (?:done|acceptance)|(?:it is |this is )?done when|when is it done|dod|a\/?c|(?:akzeptanz|abnahme)(?:kriterien|kriterium|bedingungen)|(?:fertig|erledigt),? wenn|crit[eè]res d['’]acceptation|criterios de aceptaci[oó]n)$/, 'acceptance'],
  [/^(?:expected (?:behaviou?r|results?|outcome)|what (?:did you expect|you expected)(?: to happen)?|what should happen|erwartetes (?:verhalten|ergebnis)|comportement attendu|comportamiento esperado)$/, 'expected'],
  [/^(?:non-? ?goals?|not? goals?|out of scope|not in scope|what stays|nicht-?ziele|nicht (?:teil davon|ziel|im umfang)|hors (?:du )?p[eé]rim[eè]tre|fuera de alcance)$/, 'non-goals'],
  [/^(?:(?:target |affected )?(?:repositories|repository|repos?)|targets?)$/, 'repositories'],
  [/^(?:the )?(?:proposed )?(?:change|changes|patch|patches|diff)$|^(?:die )?änderung(?:en)?$/, 'change'],
  [/^(?:code of conduct|terms(?: .*)?|agreements?|(?:pre-?flight )?check-?list|before (?:you|submitting|opening).*|prerequisites|contribut(?:ing|ion).*|confirmations?|(?:please )?(?:read|confirm).*)$/, 'terms'],
];

/** The topic of a heading's text: emoji, numbers, markup, what stands in brackets and the colon at the end do not count. */
export function topicOf(heading: string): Topic {
  const plain = heading.slice(0, 200).toLowerCase().replace(/\([^()]*\)/g, ' ').replace(/[*_`#]/g, '').replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '').replace(/\s+/g, ' ');
  return TOPICS.find(([pattern]) => pattern.test(plain))?.[1] ?? 'problem';
}

/** A line that people write as a heading without Markdown's marks: bold all over, or a known topic and a colon. */
export function looseHeading(line: string): string | null {
  const bold = /^\s{0,3}(\*\*|__)([^*_]{1,80})\1\s{0,4}:?\s*$/.exec(line)?.[2]?.trim();
  if (bold !== undefined && bold.split(/\s+/).length <= 6 && !/[.!?]$/.test(bold)) return bold;
  const known = /^\s{0,3}([\p{L}][\p{L} /-]{1,60}):\s*$/u.exec(line)?.[1];
  return known !== undefined && topicOf(known) !== 'problem' ? known : null;
}
