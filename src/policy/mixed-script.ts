// Letters of other scripts that common fonts draw exactly as a Latin one. Stricter than the table for file names
// (confusables.ts): running text in other languages must not be blocked.
const LOOKALIKES = new Set('асԁеһіјӏорԛѕуԝхАВЕЅІЈКМНОРСТУХҮοΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲϳϹᏎᎪᏴᏟᎠᎬᎻᎥᎫᏦᏞᎷᏃᎤᏢᏒᏚᎢᏙᏔᏃօսցհոԼՍՕѵѡгꓐꓑꓒꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓤꓪꓫꓬꓮꓰꓲꓳꓴꓦ');
// Greek letters that stand for themselves in formulas, but that pass for Latin ones inside a word.
const INSIDE_WORDS = new Set('αβγεηικνρστυχωμ');
const OTHER_SCRIPT = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;
const WORD = /[\p{L}\p{M}\p{N}_$]+/gu;
const LETTERS_OF_SCRIPT = ['Cyrillic', 'Greek', 'Armenian'].map((script) => ({ script, plain: new RegExp(`(?![${[...LOOKALIKES, ...INSIDE_WORDS].join('')}])\\p{Script=${script}}`, 'u') }));
const LATIN = /\p{Script=Latin}/u;
const MAY_MIX = /[\u0370-\u058F\u13A0-\u13FF\uAB70-\uABBF\u2C80-\u2CFF\uA4D0-\uA4FF\u{1D400}-\u{1D7FF}\uFF21-\uFF5A\u2160-\u217F\u017F\u0251\u0261\uA731\u1D04\u1D0F\u1D20-\u1D22]/u;
// Latin letters of phonetic alphabets that pass for plain ones.
const PHONETIC = /[\u0251\u0261\uA731\u1D04\u1D0F\u1D20-\u1D22]/u;
// Letters in a mathematical or wide style; some languages read them as the plain ones.
const STYLED = /[\u{1D400}-\u{1D7FF}\uFF21-\uFF3A\uFF41-\uFF5A\u2160-\u217F\u017F]/u;
const WORD_CHARACTERS_MAX = 200;

/** A word that reads differently from what it is, and why. */
export interface MixedWord {
  readonly word: string;
  readonly letters: readonly string[];
  readonly why: string;
}

/** True when a text has letters at all that could pass for others; a quick look before the exact one. */
export const mayMixScripts = (text: string): boolean => MAY_MIX.test(text);

/** The languages that a text is written in, as far as it matters here: scripts of which it has letters that look like no Latin one. */
export const plainlyForeign = (text: string): ReadonlySet<string> => new Set(LETTERS_OF_SCRIPT.filter(({ plain }) => plain.test(text)).map(({ script }) => script));

const CYRILLIC = /\p{Script=Cyrillic}/u;
const GREEK = /\p{Script=Greek}/u;
const ARMENIAN = /\p{Script=Armenian}/u;
const scriptOf = (letter: string): string => (CYRILLIC.test(letter) ? 'Cyrillic' : GREEK.test(letter) ? 'Greek' : ARMENIAN.test(letter) ? 'Armenian' : 'other');

/**
 * The first word of a line that imitates Latin letters. `foreign`: the scripts that the file is plainly written in, in
 * which a word of look-alikes alone is an ordinary word.
 */
export function findMixedWord(line: string, foreign: ReadonlySet<string>, isProse: boolean): MixedWord | null {
  for (const word of line.match(WORD) ?? []) {
    if (!MAY_MIX.test(word)) continue;
    const letters = Array.from(word.slice(0, WORD_CHARACTERS_MAX));
    const found = judgeStyled(letters, isProse) ?? judgePhonetic(letters) ?? judgeScripts(letters, foreign);
    if (found !== null) return { word, ...found };
  }
  return null;
}

type Judged = Omit<MixedWord, 'word'> | null;

function judgeStyled(letters: readonly string[], isProse: boolean): Judged {
  const styled = letters.filter((letter) => STYLED.test(letter));
  if (styled.length === 0 || (isProse && styled.length === letters.length)) return null;
  const isMixed = letters.some((letter) => /[A-Za-z]/.test(letter));
  // One symbol alone is a formula's.
  return isMixed || (!isProse && styled.length > 1) ? { letters: styled, why: 'has letters in another style, which some languages read as the plain ones' } : null;
}

/** In a word of phonetic script other letters show what it is; alone among plain ones such a letter is an imitation. */
function judgePhonetic(letters: readonly string[]): Judged {
  const others = letters.filter((letter) => /[^\x20-\x7e]/.test(letter));
  const isAlone = letters.length - others.length >= 3 && others.every((letter) => PHONETIC.test(letter));
  return others.length > 0 && isAlone ? { letters: others, why: 'mixes plain Latin letters with phonetic ones that look the same' } : null;
}

function judgeScripts(letters: readonly string[], foreign: ReadonlySet<string>): Judged {
  const others = letters.filter((letter) => OTHER_SCRIPT.test(letter));
  if (others.length === 0) return null;
  const hasLatin = letters.some((letter) => LATIN.test(letter));
  const scripts = [...new Set(others.map(scriptOf))].join(' and ');
  if (hasLatin) {
    // A letter that is plainly of another script shows the reader what is written: "URLы".
    const isShown = others.some((letter) => !LOOKALIKES.has(letter) && !INSIDE_WORDS.has(letter));
    const isImitation = others.some((letter) => LOOKALIKES.has(letter)) || isInside(letters);
    return !isShown && isImitation ? { letters: others, why: `mixes Latin letters with ${scripts} ones that look the same` } : null;
  }
  const isImitation = others.every((letter) => LOOKALIKES.has(letter)) && others.every((letter) => !foreign.has(scriptOf(letter)));
  return isImitation ? { letters: others, why: `is written in ${scripts} letters that all look Latin` } : null;
}

const INITIAL = /^[αορυντικχ][a-z]{4}/;

/** A Greek letter with Latin ones on both sides, or before so many that it is no formula's. */
const isInside = (letters: readonly string[]): boolean => INITIAL.test(letters.join('')) || letters.some((letter, index) => INSIDE_WORDS.has(letter) && /[A-Za-z]/.test(letters[index - 1] ?? '') && /[A-Za-z]/.test(letters[index + 1] ?? ''));
