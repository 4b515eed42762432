// Reads a script of a CI file just well enough to see which files it runs. Nothing here is executed or expanded: what
// cannot be known is a wildcard, and in doubt a word counts.

/** In a word: something that only the running script knows. */
export const UNKNOWN = '\u{1}';
/** At the start of a word: the root of the repository. */
export const ROOT = '\u{2}';
/** At the start of a word: the folder of the action, or of the script, that this stands in. */
export const ACTION = '\u{3}';

const ROOT_EXPRESSIONS = /\$\{\{\s*(?:github\.workspace|gitea\.workspace)\s*\}\}|\$\(Build\.(?:SourcesDirectory|Repository\.LocalPath)\)|\$\((?:System\.DefaultWorkingDirectory|Pipeline\.Workspace)\)(?:\/s\b)?|\$\(git rev-parse --show-toplevel\)|`git rev-parse --show-toplevel`|<<\s*pipeline\.working_directory\s*>>/gi;
// Also the folder of the script itself, as scripts find it.
const OWN_FOLDER = String.raw`\$\(\s*dirname\s+(?:--\s+)?"?\$(?:0|\{0\}|\{?BASH_SOURCE(?:\[0\])?\}?)"?\s*\)`;
const ACTION_EXPRESSIONS = new RegExp(String.raw`\$\{\{\s*github\.action_path\s*\}\}|\$\(\s*cd\s+(?:-P\s+)?(?:--\s+)?"?${OWN_FOLDER}"?[^()\n]{0,60}(?:&&|;)\s*pwd(?:\s+-P)?\s*\)|${OWN_FOLDER}|\$\{0%/\*\}|\$\{BASH_SOURCE(?:\[0\])?%/\*\}`, 'gi');
const ROOT_VARIABLES = new Set(
  'GITHUB_WORKSPACE CI_PROJECT_DIR TRAVIS_BUILD_DIR APPVEYOR_BUILD_FOLDER CIRCLE_WORKING_DIRECTORY BITBUCKET_CLONE_DIR BUILDKITE_BUILD_CHECKOUT_PATH DRONE_WORKSPACE CI_WORKSPACE WORKSPACE CIRRUS_WORKING_DIR BUILD_SOURCESDIRECTORY SYSTEM_DEFAULTWORKINGDIRECTORY CODEBUILD_SRC_DIR SEMAPHORE_GIT_DIR'.split(' '),
);

/** A path as a CI file writes it, with the system's words for the root put in. */
export const withRoot = (path: string): string => path.replaceAll(ROOT_EXPRESSIONS, ROOT).replace(/^\$\{?(?:GITHUB_WORKSPACE|WORKSPACE|CI_PROJECT_DIR|BUILD_SOURCESDIRECTORY)\}?(?=\/)/, ROOT);

/** The script's commands, each as its words, in the order of the text. Takes time in proportion to the text. */
export function readCommands(script: string, variables: ReadonlyMap<string, string> = new Map()): string[][] {
  const text = script
    .replaceAll(ROOT_EXPRESSIONS, ROOT)
    .replaceAll(ACTION_EXPRESSIONS, ACTION)
    .replaceAll(/\$\(pwd\)|`pwd`|\$\{?PWD\}?(?!\w)|%CD%/gi, '.')
    .replaceAll(/\$\{\{[^}]{0,1000}\}\}|<<[^<>\n]{1,200}>>/g, (expression) => expressionValue(expression, variables));
  return new WordReader(text, new Map(variables)).read();
}

/** `${{ env.SCRIPT }}` has a value where the file sets one. */
function expressionValue(expression: string, variables: ReadonlyMap<string, string>): string {
  const name = /(?:env|variables|inputs|parameters|matrix)\.([\w-]+)/.exec(expression)?.[1];
  return (name === undefined ? undefined : variables.get(name)) ?? UNKNOWN;
}

const SEPARATORS = new Set('\n;|&()`');

class WordReader {
  readonly #text: string;
  readonly #variables: Map<string, string>;
  readonly #commands: string[][] = [];
  #words: string[] = [];
  #word: string | null = null;
  #at = 0;
  // Quotes that a `$(` inside them has left open.
  readonly #outer: (string | null)[] = [];
  #quote: string | null = null;

  constructor(text: string, variables: Map<string, string>) {
    this.#text = text;
    this.#variables = variables;
  }

  read(): string[][] {
    while (this.#at < this.#text.length) this.#step(this.#text.charAt(this.#at));
    this.#endCommand();
    return this.#commands;
  }

  #step(character: string): void {
    this.#at += 1;
    if (character === '$' && this.#quote !== "'") this.#readDollar();
    else if (this.#quote === null) this.#stepPlain(character);
    else if (character === this.#quote) this.#quote = null;
    else if (character === '\\' && this.#quote === '"') this.#readEscape();
    else if (character === '`' && this.#quote === '"') this.#endCommand();
    else this.#add(character);
  }

  #stepPlain(character: string): void {
    if (character === '"' || character === "'") {
      this.#quote = character;
      this.#add('');
    } else if (character === '\\') this.#readEscape();
    else if (character === ')' && this.#outer.length > 0) {
      this.#endCommand();
      this.#quote = this.#outer.pop() ?? null;
      this.#add(UNKNOWN);
    } else if (SEPARATORS.has(character)) this.#endCommand();
    else if (character === '{' || character === '}') this.#readBrace(character);
    else if (character === '#' && this.#word === null) this.#skipComment();
    else if (character === '<' && this.#word === null && this.#words.length === 0) this.#skipInput();
    else if (character === '<' || character === '>' || character === ',' || character === ' ' || character === '\t' || character === '\r') this.#endWord();
    else this.#add(character);
  }

  #readDollar(): void {
    const rest = this.#text.slice(this.#at, this.#at + 200);
    if (rest.startsWith('(')) {
      this.#at += 1;
      this.#add(UNKNOWN);
      this.#endCommand();
      this.#outer.push(this.#quote);
      this.#quote = null;
      return;
    }
    const found = /^(?:env:)?(\w+|[@*#?!$-])|^\{(?:env:)?(\w+)[^}]{0,150}\}/i.exec(rest);
    this.#at += found?.[0].length ?? 0;
    const name = found?.[1] ?? found?.[2];
    this.#add(name === undefined ? UNKNOWN : this.#valueOf(name));
  }

  #valueOf(name: string): string {
    if (ROOT_VARIABLES.has(name.toUpperCase())) return ROOT;
    if (name === 'GITHUB_ACTION_PATH') return ACTION;
    if (name === 'GITHUB_PATH') return name;
    return this.#variables.get(name) ?? UNKNOWN;
  }

  /** A backslash before a letter, digit or dot is a separator of PowerShell and cmd; shells have no reason to write it. */
  #readEscape(): void {
    const next = this.#text.charAt(this.#at);
    if (next === '\n' || (next === '\r' && this.#text.charAt(this.#at + 1) === '\n')) this.#at += next === '\n' ? 1 : 2;
    else if (/[A-Za-z0-9._]/.test(next)) this.#add('/');
    else {
      this.#at += 1;
      this.#add(next);
    }
  }

  /** Alone, a brace groups commands; inside a word it lists alternatives. */
  #readBrace(character: string): void {
    if (this.#word === null) return this.#endCommand();
    const list = character === '{' ? /^[^{}\s]{0,200}\}/.exec(this.#text.slice(this.#at, this.#at + 201)) : null;
    this.#at += list?.[0].length ?? 0;
    if (list === null) this.#endCommand();
    else this.#add(UNKNOWN);
  }

  /** `$(< VERSION)` reads a file and runs none. */
  #skipInput(): void {
    this.#at += /^\s*[^\s<>()|;&]*/.exec(this.#text.slice(this.#at, this.#at + 500))?.[0].length ?? 0;
  }

  #skipComment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #endWord(): void {
    if (this.#word !== null) {
      this.#words.push(this.#word);
      this.#learn(this.#word);
    }
    this.#word = null;
  }

  /** `SCRIPT=scripts/x.sh` gives a later `$SCRIPT` a value. */
  #learn(word: string): void {
    const [, name, value] = /^(?:\$env:)?([A-Za-z_]\w*)=(.{1,500})$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined) this.#variables.set(name, value);
  }

  #endCommand(): void {
    this.#endWord();
    if (this.#words.length > 0) this.#commands.push(this.#words);
    this.#words = [];
  }
}
