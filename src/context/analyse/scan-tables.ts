import { isWordCode } from './terms.ts';

/** What a code unit of ASCII is to the scan: of most marks only the last one counts. */
export const [PLAIN, SPACE, FEED, WORD, MARK] = [0, 1, 2, 3, 4] as const;
export const KINDS = new Uint8Array(128).fill(SPACE, 0, 33);
KINDS[10] = FEED;
for (let code = 33; code < 128; code++) KINDS[code] = isWordCode(code) || code === 36 ? WORD : '/"\'`#([)];{}'.includes(String.fromCharCode(code)) ? MARK : PLAIN;

/** `for (_)` is no loop, and an import names its file. */
export const KEPT_GROUPS = new Set(['for', 'await', 'require', 'import']);
/** Words behind which a slash divides nothing. */
export const BEFORE_REGEX = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else', 'do', 'await', 'yield', 'instanceof']);
/** Words that look called and are no names. */
export const NO_NAMES = new Set(['if', 'for', 'while', 'switch', 'catch', 'return', 'function', 'typeof', 'sizeof', 'super', 'await', 'match', 'elseif', 'foreach', 'using', 'lock', 'func', 'fn', 'array', 'isset', 'unset', 'defined', 'when', 'new']);
