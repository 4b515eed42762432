import { foldPath } from './fold-path.ts';

// Letters that most fonts draw as a Latin one. The Unicode list is far longer; these are the ones that make a readable
// fake file name. Digits stay: `a1` and `al` are both common names.
const LOOKALIKES: Readonly<Record<string, string>> = {
  // Cyrillic
  а: 'a', в: 'b', с: 'c', ԁ: 'd', е: 'e', ё: 'e', һ: 'h', і: 'i', ї: 'i', ј: 'j', к: 'k', ӏ: 'l', м: 'm', н: 'h', о: 'o', р: 'p', ԛ: 'q', г: 'r', ѕ: 's', т: 't', у: 'y', ѵ: 'v', ԝ: 'w', х: 'x', ү: 'y', ь: 'b',
  // Greek
  α: 'a', β: 'b', ϲ: 'c', ε: 'e', γ: 'y', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', σ: 'o', ς: 'c', τ: 't', υ: 'u', χ: 'x', ϳ: 'j', ω: 'w', ζ: 'z', μ: 'u',
  // Armenian
  ա: 'w', ց: 'g', հ: 'h', յ: 'j', ո: 'n', օ: 'o', ս: 'u', ք: 'p', զ: 'q', լ: 'l',
  // Latin letters that pass for others
  ı: 'i', ɩ: 'i', ɡ: 'g', ɑ: 'a', ʏ: 'y', ʟ: 'l', ꞌ: "'", ɴ: 'n', ᴄ: 'c', ᴏ: 'o', ᴠ: 'v', ᴡ: 'w', ᴢ: 'z', ꜱ: 's', ᴋ: 'k',
};
const LATIN = /\p{Script=Latin}/u;
// Han, kana, hangul and bopomofo are written together with Latin letters in ordinary text.
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u;
const OTHERS = ['Cyrillic', 'Greek', 'Armenian', 'Hebrew', 'Arabic', 'Cherokee', 'Georgian', 'Coptic', 'Devanagari', 'Thai', 'Lisu', 'Canadian_Aboriginal'].map(
  (name) => ({ name, pattern: new RegExp(`\\p{Script=${name}}`, 'u') }),
);

/** What the path looks like, whatever letters it is made of. Two paths with the same skeleton look the same. */
export function skeletonOf(path: string): string {
  const folded = foldPath(path);
  return /^[\x20-\x7e]*$/.test(folded) ? folded : Array.from(folded).map((letter) => LOOKALIKES[letter] ?? letter).join('');
}

/** A word of the path that mixes scripts as no language does, or imitates Latin letters throughout; null when there is none. */
export function findConfusableWord(path: string): { readonly word: string; readonly why: string } | null {
  const words = path.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  // One letter that is plainly not Latin shows the reader which script the name is written in.
  const isPlainlyForeign = words.some((word) => Array.from(word).some((letter) => isForeign(letter) && LOOKALIKES[letter.toLowerCase()] === undefined));
  for (const word of words) {
    const scripts = new Set(Array.from(word).map(scriptOf).filter((script) => script !== null));
    const isOrdinary = scripts.size <= 1 || (scripts.size === 2 && scripts.has('Latin') && scripts.has('East Asian'));
    if (!isOrdinary) return { word, why: `mixes ${[...scripts].sort().join(' and ')} letters` };
    if (!isPlainlyForeign && Array.from(word).some(isForeign)) return { word, why: `is written in ${[...scripts].join('')} letters that all look Latin` };
  }
  return null;
}

const isForeign = (letter: string): boolean => {
  const script = scriptOf(letter);
  return script !== null && script !== 'Latin' && script !== 'East Asian';
};

function scriptOf(letter: string): string | null {
  if (!/\p{L}/u.test(letter)) return null;
  if (LATIN.test(letter)) return 'Latin';
  if (EAST_ASIAN.test(letter)) return 'East Asian';
  const other = OTHERS.find(({ pattern }) => pattern.test(letter));
  return other?.name ?? (/\p{Script=Common}|\p{Script=Inherited}/u.test(letter) ? null : 'other');
}
