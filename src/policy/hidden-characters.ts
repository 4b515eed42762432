// Controls (not tab, line feed, carriage return), format and ignorable characters, line separators, private-use
// characters, noncharacters, and the one blank that counts as a symbol.
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;
const JOINERS = '\u200C\u200D';
const JOINING = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*$/u;
const EMOJI = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Emoji_Component}]\uFE0F?$/u;
// Scripts without spaces between words mark where a line may break.
const WITHOUT_SPACES = /[\p{Script=Khmer}\p{Script=Thai}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Tibetan}]\p{M}*$/u;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
// England, Scotland, Wales: the flags that are written with tag characters. Any other use of these is a message.
const TAG_FLAG = /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/uy;
const TAG_FLAG_UNITS = 14;
const SELECTOR = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u;
const LAST_VISIBLE = /[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]$/u;
const HAS_STYLES = /[^\p{L}]|\p{Emoji}/u;
const HAS_VARIANTS = /[\p{Script=Han}\p{S}\p{Script=Mongolian}\p{Script=Myanmar}]/u;
const PLAIN = /^[\t\n\r -~]*$/;
const AROUND = 12;

/** A character that a reader does not see, and its place in the text. */
export interface HiddenCharacter {
  readonly character: string;
  readonly index: number;
}

/**
 * The hidden characters of a line, lazily, without those that belong where they are: a byte order mark at a file's start,
 * joiners inside emoji and joining scripts, variation selectors behind what has variants, direction marks beside letters
 * that are written from right to left, break marks in scripts without spaces, and the three flags that are made of tags.
 */
export function* findHidden(line: string, isStart = false): Generator<HiddenCharacter> {
  // Not matchAll: it copies the pattern each time, which costs more than most lines.
  let from = 0;
  for (;;) {
    HIDDEN.lastIndex = from;
    const found = HIDDEN.exec(line);
    if (found === null) return;
    const [character] = found;
    from = found.index + character.length;
    if (!isOrdinary(line, { character, index: found.index }, isStart)) yield { character, index: found.index };
  }
}

function isOrdinary(line: string, { character, index }: HiddenCharacter, isStart: boolean): boolean {
  const before = line.slice(Math.max(0, index - AROUND), index);
  if (character === '\uFEFF') return isStart && index === 0;
  // A page's end, as old sources have it between their parts.
  if (character === '\f') return index === 0 || line[index - 1] === '\n';
  if (SELECTOR.test(character)) return hasVariants(before, character);
  if (JOINERS.includes(character)) return JOINING.test(before) || (character === '\u200D' && EMOJI.test(before));
  if (character === '\u200B') return WITHOUT_SPACES.test(before);
  if (/[\u200E\u200F\u061C]/.test(character)) return RIGHT_TO_LEFT.test(before.slice(-4)) || RIGHT_TO_LEFT.test(line.slice(index + 1, index + 5));
  if (character === '\u2800') return /[\u2801-\u28FF]/.test(before.slice(-1) + line.slice(index + 1, index + 2));
  return /[\u{E0020}-\u{E007F}]/u.test(character) && isInFlag(line, index);
}

/** Emoji and text style behind any symbol; the other selectors behind Han characters and symbols. One only: a row of them is a message. */
function hasVariants(before: string, selector: string): boolean {
  const base = LAST_VISIBLE.exec(before)?.[0] ?? '';
  if (base === '') return false;
  return selector === '\uFE0E' || selector === '\uFE0F' ? HAS_STYLES.test(base) : HAS_VARIANTS.test(base);
}

function isInFlag(line: string, index: number): boolean {
  const start = line.lastIndexOf('\u{1F3F4}', index);
  if (start < 0 || index - start > TAG_FLAG_UNITS) return false;
  TAG_FLAG.lastIndex = start;
  return TAG_FLAG.test(line);
}

/** The text with every hidden character made visible by `show`, line by line; what belongs where it is stays. */
export function revealHidden(text: string, show: (character: string) => string): string {
  if (PLAIN.test(text)) return text;
  const parts: string[] = [];
  let from = 0;
  // A text that is shown is never a file's start: a mark there would be hidden too.
  for (const { character, index } of findHidden(text)) {
    parts.push(text.slice(from, index), show(character));
    from = index + character.length;
  }
  return parts.join('') + text.slice(from);
}
