import { tokensOf } from './analyse/terms.ts';

/** Words that fill a line without saying what changed: `* fix tests`, `* formatting`, `* apply suggestions from code review`. */
const IDLE = new Set(
  ('wip fix fixes fixed fixup format formatting formatted lint linting linter style styling typo typos test tests testing ci build cleanup clean up tweak tweaks nit nits minor small changes change changed update updates updated ' +
    'apply address review comments comment feedback suggestions suggestion from code more some the a an and for to of in on pr merge branch main master rebase rename naming oops again another try attempt better improve ' +
    'improvements refactor refactoring remove removed unused revert add added adds docs doc changelog chore feat').split(' '),
);

/** Lines that tools and customs put under a message: who signed it, where it was picked from, which issue it closes. */
const TRAILER = /^\s*(?:[A-Z][A-Za-z-]*-(?:by|id|on|to|url)|git-svn-id|bug|cc|close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?|see|issue|related|part of|backport of|\(cherry picked from commit|this reverts commit)\b:?\s*(?:\S+@\S+|.*<[^<>]+>|[\w./-]*#\d+[,.]*|https?:\S+|[0-9a-f]{7,40}[).]*|\d+)\s*$/i;
/** No trailer is longer. */
const TRAILER_MAX = 300;
const URLS = /\b(?:https?|ftp):\/\/[^\s)>\]"'`]+/gi;
/** The branch that a change is for: `[13.x] …`. */
const VERSION = /^\[v?\d[\w.]*\]\s*/;
/** A request's or an issue's number, a commit's id. */
const NUMBERS = /#\d+\b|\bGH-\d+\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b/g;

/** A release: its version stands in a file that the text does not speak of. */
const RELEASE = /^[^\n]{0,200}\b(?:release[sd]?|bump(?:s|ed)?|publish(?:es|ed)?|prepare[sd]?)\b[^\n]{0,200}\bv?\d+\.\d+|^\s*(?:release|bump|version)?[\s:]{0,9}v?\d+\.\d+[\w.-]*\s*$/i;

/** The text without what says nothing about where: addresses, numbers of requests, ids of commits, who signed it, idle lines below the title. A text of nothing else stays as it is. */
export function withoutNoise(text: string): string {
  const [title = '', ...body] = text.trimStart().replace(VERSION, '').split('\n');
  const named = RELEASE.test(title) ? `${title} version` : title;
  const kept = [named, ...body.filter((line) => !isNoise(line))].join('\n').replace(URLS, ' ').replace(NUMBERS, ' ');
  return /\p{L}{2}/u.test(kept) ? kept : text;
}

function isNoise(line: string): boolean {
  if (line.length <= TRAILER_MAX && TRAILER.test(line)) return true;
  const words = line.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.length > 0 && words.every((word) => IDLE.has(word));
}

/** Words of plain prose: rare in code, so that a text of many sentences would be found by them. None of them names a thing. */
export const PROSE: ReadonlySet<string> = new Set(tokensOf(
  'able about above according accordingly across actual actually afterwards again ago ahead almost along already also although always among another anymore anyone anything anyway anywhere apart apparently appears ' +
    'around away basically became because become becomes been beforehand behave behaves behavior behaviour being believe below besides better beyond both bring brings broke bug came care cause caused causes causing certain certainly ' +
    ' come comes coming completely confusing consequently correct correctly could couple currently decide desired despite did didn differently discussed discussion doesn doing don done due each earlier easier easily easy ' +
    'effectively either else enough ensure ensures entire entirely especially essentially etc even eventually ever every everyone everything everywhere exactly except explicitly explain fact fairly far few fine finally fix forget fortunately found fully ' +
    'further furthermore gave generally get gets getting give gives giving goes going gone good got great had happen happened happening happens hardly hasn have haven having hence here hopefully however idea ideally immediately important improve improves instead intended interesting introduce introduced introduces isn ' +
    'issue itself just keep keeps kept know known knows lack largely lastly lately later latter less let lets like likely little longer look looked looking looks lot made mainly make makes making many matter may maybe mean means meant meanwhile merely might moreover most mostly much ' +
    'must name namely naturally nearly necessarily necessary need needed needs neither never nevertheless nice nobody none nor normally nothing obvious obviously occasionally occur occurs often okay old one ones only onto opposed ordinary originally other others otherwise ought ourselves overall particular particularly people perhaps  ' +
    'please plus possible possibly potential potentially practically prefer preferably pretty prevent prevents previous previously probably problem problems proper properly provide provided provides purpose put puts quickly quite rather realize really reason reasonable reasonably reasons recent recently regarding regardless related relatively rely remain remaining remains ' +
    'respectively resulting roughly said same saw say saying says see seem seemed seems seen seldom separately several shall shouldn similar similarly simpler simply since situation slightly solely solution somebody somehow someone something sometimes somewhat somewhere soon sorry specifically stay still straightforward  ' +
    'such sufficient suggest suggested suggests suppose supposed sure taken takes taking technically tend tends thank thanks themselves therefore thereby thing things think third though thought three through throughout thus together took toward towards tried tries truly try trying twice two typically ' +
    'under underlying understand unfortunately unless unlike unlikely unnecessary until upon useful usually various very via wanna want wanted wants wasn way ways weird well went weren whatever whenever whereas wherever whether whichever whoever whole whose wish within without won wonder wondering work worked working works worse worth wouldn wrong yes yet yourself'
));
