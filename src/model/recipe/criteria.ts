import type { Block } from './markdown.ts';

const ITEMS_MAX = 100;
const TEXT_MAX = 1_000;

type Item = Extract<Block, { kind: 'item' }>;

/** What blocks list, one sentence each: scenarios, else items, else paragraphs. */
export function criteriaOf(blocks: readonly Block[]): string[] {
  const scenarios = blocks.flatMap(scenariosIn);
  const items = blocks.filter((block) => block.kind === 'item');
  const listed = scenarios.length > 0 ? scenarios : items.length > 0 ? sentencesOf(items) : blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
  return listed.map((text) => text.slice(0, TEXT_MAX)).slice(0, ITEMS_MAX);
}

/**
 * Items as sentences. One that only names what stands below it ("Backend:", a plain item above boxes) is none; what stands
 * below any other belongs to its sentence, boxes aside.
 */
function sentencesOf(items: readonly Item[]): string[] {
  const found: string[] = [];
  for (let index = 0; index < items.length && found.length < ITEMS_MAX; ) {
    const item = items[index];
    if (item === undefined) break;
    const end = items.findIndex((each, at) => at > index && each.indent <= item.indent);
    const below = items.slice(index + 1, end < 0 ? items.length : end);
    index += 1 + below.length;
    const boxes = below.filter(({ checkbox }) => checkbox);
    if (isGroup(item, boxes.length > 0, below.length)) found.push(...sentencesOf(below));
    else if (boxes.length > 0) found.push(item.text, ...sentencesOf(below));
    else found.push(below.length === 0 ? item.text : `${item.text.replace(/[.:;,]+$/, '')}: ${below.map(({ text }) => text.replace(/[.;,]+$/, '')).join('; ')}`);
  }
  return found;
}

function isGroup({ text, checkbox }: Item, hasBoxes: boolean, below: number): boolean {
  return text.endsWith(':') || (below > 0 && ((hasBoxes && !checkbox) || text.split(/\s+/).length <= 2));
}

/** Gherkin, in a fence or as prose: each scenario as "Given …, when …, then …". */
function scenariosIn(block: Block): string[] {
  const text = block.kind === 'text' ? block.text : block.kind === 'fence' && /^(?:gherkin|feature|cucumber)$/i.test(block.language) ? block.content : '';
  if (!/\bGiven\b/.test(text)) return [];
  return text.slice(0, 50_000).replace(/^[ \t]*#.*$/gm, '').replace(/\s+/g, ' ').split(/(?:Scenario(?: Outline| Template)?|Example|Feature|Background|Rule): ?/).flatMap((part) => {
    const steps = after(part.slice(0, 3 * TEXT_MAX), /(?:^|\s)given\s/i)?.rest ?? '';
    const event = after(steps, /[,.;]?\swhen\s/i);
    const result = event && after(event.rest, /[,.;]?\sthen\s/i);
    return event && result ? [`Given ${joined(event.before)}, when ${joined(result.before)}, then ${joined(result.rest.replace(/ Examples: .*$/, ''))}`] : [];
  });
}

/** What stands before the first match, and after it: one look at a text, however often a word stands in it. */
function after(text: string, word: RegExp): { before: string; rest: string } | null {
  const found = word.exec(text);
  return found === null ? null : { before: text.slice(0, found.index), rest: text.slice(found.index + found[0].length) };
}

const joined = (steps: string): string => steps.trim().replace(/,? (?:And|But) /g, (word) => ` ${word.trim().toLowerCase().replace(/^, /, '')} `);
