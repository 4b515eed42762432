import type { Scope } from '../../domain/documents.ts';

// Is a criterion a sentence that a test can decide? EARS is asked for, but a criterion may be said in other good forms
// (given/when/then, "returns 404 when …") and in the language. What is refused is what no test can tell.

type Criterion = Scope['acceptanceCriteria'][number];

/** What is wrong with each criterion, one sentence each, with the way to mend it. */
export function untestable({ acceptanceCriteria }: Scope): string[] {
  return [...acceptanceCriteria.flatMap((criterion) => faultOf(criterion) ?? []), ...saidTwice(acceptanceCriteria)];
}

function faultOf({ id, sentence, when, then }: Criterion): string | null {
  const said = bare(sentence);
  const vague = vagueIn(said) ?? vagueIn(bare(then));
  if (vague !== null) return `Criterion ${id} says "${vague}", which no test can tell: say what is to be seen (which value, message, status or file, or how much).`;
  const form = formFault(said, sentence, bare(then));
  if (form !== null) return `Criterion ${id} is no testable sentence: it ${form}. Write it as "When …, the system shall …", with what is to be seen.`;
  return when.trim() === '' || then.trim() === '' ? `Criterion ${id} leaves its when or its then empty: say what is done and what is to be seen.` : null;
}

/** Stands for what is quoted or code: a concrete thing, whose own words are no part of the sentence. */
const THING = '§';
const QUOTED = /`[^`]+`|"[^"]+"|“[^”]+”|„[^“”]+[“”]|«[^»]+»|(?<![\p{L}\p{N}])'[^']+'(?![\p{L}\p{N}])/gu;
const NUMBERING = /^(?:[-*•]\s+|\[[ x]\]\s+|\(?(?:\d{1,3}|[a-z])[.)]\s+|(?:AC|Criterion|Kriterium)[-\s]?\d{1,3}\s*[:.)–-]\s*)+/iu;
/** No criterion needs more; a longer one is not read to its end. */
const READ_MAX = 1_000;
const bare = (text: string): string => text.slice(0, READ_MAX).trim().replace(QUOTED, THING).replace(NUMBERING, '').replace(/\*\*|__/gu, '').trim();

/** Whole words of any alphabet; `\b` knows English letters alone. */
const words = (source: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'iu');

const CONDITIONS = 'when(?:ever)?|while|if|where|once|after|before|until|unless|given|wenn|falls|sobald|solange|nachdem|bevor';
const CONDITION = words(`${CONDITIONS}|beim?|quand|lorsque|cuando|quando|wanneer|si|se`);
const NORMATIVE = words("shall|must|should|will|may|can(?:not)?|(?:can|won|doesn|don|isn|aren)['’]t|muss|müssen|soll(?:en|te|ten)?|darf|dürfen|wird|werden|kann|können|bleib(?:t|en)|ist|sind|hat|haben|doit|doivent|est|sont|debe[n]?|deve|devono|moet|moeten");
/** What software is seen to do, in the third person. A verb that is missing here costs nothing where a value is named. */
const OUTCOME = words('is|are|has|have|does|do|stays?|remains?|becomes?|keeps?|gets?|gives?|takes?|returns?|yields?|raises?|throws?|rejects?|resolves?|fails?|pass(?:es)?|succeeds?|exits?|ends?|starts?|stops?|prints?|writes?|logs?|emits?|shows?|displays?|renders?|lists?|names?|says?|tells?|contains?|includes?|omits?|holds?|equals?|matches|accepts?|ignores?|skips?|drops?|responds?|answers?|sends?|receives?|calls?|sets?|clears?|resets?|creates?|adds?|removes?|deletes?|reads?|parses?|compiles?|loads?|saves?|stores?|retries|waits?|blocks?|warns?|reports?|exists?|appears?|löst|liefert|gibt|wirft|fängt|endet|zeigt|enthält|schreibt|liest|meldet|renvoie|devuelve|restituisce');
/** A task is work to be done; a criterion is what is seen when it is. */
const TASK = /^(?:add|allow|build|change|clean\s*up|create|delete|document|enable|enhance|extend|fix|handle|implement|improve|introduce|make|migrate|move|optimi[sz]e|provide|refactor|remove|rename|replace|rewrite|support|update|upgrade|validate|write|behebe|ergänze|erstelle|implementiere|verbessere)\s+(\p{L}+)/iu;

const countWords = (text: string): number => (text.match(/(?!\p{Script=Latin})\p{L}|[\p{L}\p{N}§][\p{L}\p{N}'’_.-]*/gu) ?? []).length;

function formFault(said: string, sentence: string, then: string): string | null {
  if (/[?？]\s*$/u.test(said)) return 'is a question';
  if (countWords(said) < 3) return `says only "${sentence.trim().slice(0, 80)}"`;
  if (NORMATIVE.test(said)) return null;
  const [, second = ''] = TASK.exec(said) ?? [];
  if (second !== '' && !OUTCOME.test(second)) return 'is a task, and does not say what is seen when it is done';
  // A value, code, or an alphabet whose words are not known here: enough to be read by somebody.
  const isConcrete = /[§\d]|(?!\p{Script=Latin})\p{L}/u.test(said);
  if (isConcrete || CONDITION.test(said) || OUTCOME.test(said)) return null;
  // The list of verbs is short: a whole sentence whose "then" says what is seen is one.
  return countWords(said) >= 6 && (/[§\d]/u.test(then) || OUTCOME.test(then)) ? null : 'says of nothing what it does';
}

// How well something is done, in words that everybody reads in their own way.
const ADVERB = words('properly(?!\\s+(?:nested|contained|formed))|appropriately|as (?:expected|intended|desired|it should|needed|appropriate|necessary|usual)(?!\\s+(?:by|in|for|from)\\s)|where (?:possible|appropriate)|if possible|and so on|nicely|elegantly|seamlessly|smoothly|sensibly|adequate(?:ly)?|intuitively|reasonabl[ey]|user[- ]friendly|in a timely manner|state[- ]of[- ]the[- ]art|highly available|well[- ]tested|no (?:negative|adverse) (?:impact|effects?)|ordnungsgemäß|einwandfrei|reibungslos|problemlos|angemessen|sinnvoll|vernünftig|wie (?:erwartet|gewünscht|vorgesehen)|benutzerfreundlich|TBD|to be (?:decided|defined|determined)');
const ET_CETERA = /(?<![\p{L}/])(?:etc|usw)\./iu;
const DOES = '(?:works?|behaves?|functions?|performs?|operates?|runs?|looks?|scales?|handled?|handles|handling|processed|processes|treated|supported|supports?|deal(?:s|t)? with|displayed|rendered|funktionier(?:t|en)|arbeite[nt]|läuft|laufen|verhält|behandel[nt]|reagier(?:t|en)|verarbeitet)';
const WELL = '(?:correctly|well|better|fine|right|reliably|robustly|gracefully|safely|cleanly|efficiently|korrekt|richtig|gut|besser|sauber|zuverlässig|stabil)';
const DONE_WELL = words(`${DOES}\\s+(?:(?!that\\s|whether\\s)[\\p{L}§-]+\\s+){0,4}${WELL}(?!-)|${WELL}\\s+${DOES}`);
const IS = '(?:is|are|be|been|stays?|remains?|becomes?|feels?|looks?|ist|sind|sei|sein|bleibt|wird|werden|wirkt)\\s+(?:(?:more|much|very|always|also|all|sehr|immer|viel|deutlich|noch)\\s+){0,3}';
const GOOD = '(?:correct|right|proper|appropriate|suitable|robust|stable|reliable|clean|clear(?:er)?|readable|maintainable|intuitive|helpful|useful|meaningful|sensible|nicer?|good|better|best|improved|optimal|optimi[sz]ed|modern|flexible|scalable|secure|safe|eas(?:y|ier)|simpler?|high[- ]quality|korrekt|stabil|sauber|übersichtlich|verständlich|wartbar|lesbar|intuitiv|performant|gut|besser|verbessert|sicher|zuverlässig|einfach)';
const CLAUSE_END = '(?=\\s*(?:$|[.,;:!)]|(?:and|or|but|for|to|in|on|at|under|with|against|enough|und|oder|für|bei|im)(?!\\p{L})))';
const IS_GOOD = words(`${IS}${GOOD}${CLAUSE_END}`);
const GOOD_THING = words('(?:correct|right|proper|appropriate|suitable|sensible|meaningful|helpful|useful|good|better|nicer?|clear(?:er)?|improved|(?:passend|sinnvoll|hilfreich|besser|gut|verständlich)e[rsn]?)\\s+(?:\\p{L}+\\s+)?(?:results?|values?|output|behaviou?r|responses?|messages?|errors?|feedback|answers?|way|manner|thing|performance|handling|coverage|quality|experience|documentation|code|Meldung(?:en)?|Ergebnis(?:se)?|Verhalten|Fehlermeldung(?:en)?|Wert)');
/** How fast is fast, how small is minimal: a measure needs a number. */
const UNMEASURED = words(`(?:(?<!\\bfail(?:s|ing)?\\s)fast(?:er)?|scales?(?=\\s*[.;]?\\s*$)|quick(?:ly|er)?|slow(?:er|ly)?|soon(?:er)?|efficient(?:ly)?|performant(?:ly)?|minimal(?:ly)?|responsive|robust(?:ly)?|graceful(?:ly)?|securely|safely|reliably|schnell(?:er)?|zügig|effizient(?:er)?|zeitnah)${CLAUSE_END}`);
const MEASURE = words('than|at most|at least|no more|no longer|half|twice|zero|one|two|three|höchstens|mindestens|als');

/** That it is dealt with says not how. */
const DEALT_WITH = words('(?:errors?|exceptions?|failures?|(?:edge|corner) cases|(?:bad|invalid|wrong) input)\\s+(?:(?:is|are|shall be|must be|will be|should be)\\s+)(?:all\\s+)?(?:handled|covered|considered)(?=\\s*[.;]?\\s*$)|handles?\\s+(?:all\\s+|any\\s+)?(?:errors?|exceptions?|failures?|(?:edge|corner) cases)(?=\\s*[.;]?\\s*$)|(?:bug|issue|problem|defect)\\s+(?:is|shall be|must be|has been)\\s+(?:fixed|solved|resolved|gone)');

const firstOf = (patterns: readonly RegExp[], text: string): string | null => patterns.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined)?.replaceAll(THING, '…') ?? null;

/** The words that leave open what is to be seen, or null. Only what is said of the outcome counts. */
function vagueIn(said: string): string | null {
  const outcome = outcomeOf(said);
  const always = firstOf([ADVERB, ET_CETERA, DONE_WELL, DEALT_WITH], outcome);
  return always ?? (/[§\d]/u.test(outcome) || MEASURE.test(outcome) ? null : firstOf([IS_GOOD, GOOD_THING, UNMEASURED], outcome));
}

const AFTER_CONDITION = new RegExp(`^(?:${CONDITIONS})(?!\\p{L})[^]*?(?:,\\s*(?:then\\s+|dann\\s+|so\\s+)?|\\sthen\\s|\\sthe system\\s)(?![^]*,\\s*(?:when|wenn)\\s)([^]+)$`, 'iu');

/** What follows the condition. "When it works as expected, …" asks for nothing that cannot be told. */
function outcomeOf(said: string): string {
  const main = AFTER_CONDITION.exec(said)?.[1] ?? said;
  // "…, when X, then Y": what comes after the last "then" is what is seen.
  return /[^]*,\s*(?:then|dann)\s+([^]+)$/iu.exec(main)?.[1] ?? main;
}

function saidTwice(criteria: readonly Criterion[]): string[] {
  const first = new Map<string, string>();
  return criteria.flatMap(({ id, sentence }) => {
    const same = sentence.toLowerCase().replace(NUMBERING, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
    const other = first.get(same);
    if (other === undefined) first.set(same, id);
    return other === undefined || same === '' ? [] : [`Criterion ${id} says the same as ${other}: leave one of them out.`];
  });
}
