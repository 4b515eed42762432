import { UNKNOWN } from '../shell-commands.ts';
import { TASKS_MAX, type ReadTasks, type Task } from './task-file.ts';

const TEXT_MAX = 2000;
const ROUNDS_MAX = 5;
// Programs by the variables that name them everywhere, where the file says nothing.
const PROGRAMS: Readonly<Record<string, string>> = { MAKE: 'make', SHELL: 'sh', BASH: 'bash', PYTHON: 'python', PYTHON3: 'python3', PY: 'python', NODE: 'node', NPM: 'npm', PNPM: 'pnpm', YARN: 'yarn', BUN: 'bun', RUBY: 'ruby', PERL: 'perl', PHP: 'php', GO: 'go', UV: 'uv', POETRY: 'poetry', CURDIR: '.', DOCKER: 'docker', SUDO: 'sudo' };
/** The name under which stand commands that run whatever is made. */
export const ALWAYS = '(always)';

interface Rule {
  readonly targets: readonly string[];
  readonly needs: readonly string[];
  readonly recipe: string[];
  readonly line: number;
}

/** `Makefile`: rules with their recipes, variables put in where the file gives them a value. Functions of make are not evaluated. */
export const readMakefile: ReadTasks = (text) => {
  const variables = new Map<string, string>();
  const rules: Rule[] = [];
  const always: { readonly script: string; readonly line: number }[] = [];
  const includes: string[] = [];
  let rule: Rule | null = null;
  let defines = 0;
  for (const { content, line } of logicalLines(text)) {
    if (/^define\b/.test(content)) defines += 1;
    else if (/^endef\b/.test(content)) defines = Math.max(0, defines - 1);
    else if (content.startsWith('\t') && rule !== null) rule.recipe.push(content.slice(1));
    else if (defines === 0) {
      const shell = [...content.matchAll(/\$\(shell\s+([^()]*(?:\([^()]*\)[^()]*)*)\)|^\s*\w+\s*!=\s*(.*)$/g)].map((found) => found[1] ?? found[2] ?? '');
      always.push(...shell.map((script) => ({ script, line })));
      const [, included] = /^\s*[-s]?include\s+(.+)$/.exec(content) ?? [];
      if (included !== undefined) includes.push(...expand(included, variables).split(/\s+/).slice(0, 100));
      else if (!learn(content, variables)) rule = readRule(content, { variables, line }) ?? (content.trim() === '' ? rule : null);
      if (rule !== null && rules.at(-1) !== rule) rules.push(rule);
    }
  }
  const tasks = rules.slice(0, TASKS_MAX).flatMap(({ targets, needs, recipe, line }) => {
    const script = recipe.map((command) => expand(command, variables).replace(/^[\s@+-]+/, '')).join('\n');
    return targets.map((name): Task => ({ name, script, needs, line }));
  });
  const first = tasks.find(({ name }) => !/^\.(?!\/)|%/.test(name))?.name;
  const goal = variables.get('.DEFAULT_GOAL');
  const shells = ['SHELL', '.SHELLFLAGS'].flatMap((name) => (variables.has(name) ? [{ script: variables.get(name) ?? '', line: 1 }] : []));
  return {
    tasks: [...[...always, ...shells].map(({ script, line }): Task => ({ name: ALWAYS, script: expand(script, variables), needs: [], line })), ...tasks].slice(0, TASKS_MAX),
    byDefault: goal !== undefined ? [expand(goal, variables)] : first === undefined ? [] : [first],
    includes: includes.slice(0, 200),
  };
};

function* logicalLines(text: string): Generator<{ readonly content: string; readonly line: number }> {
  let joined = '';
  let start = 1;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (joined === '') start = index + 1;
    if (raw.endsWith('\\') && joined.length < TEXT_MAX * 10) {
      joined += `${raw.slice(0, -1)} `;
      continue;
    }
    const content = joined + raw;
    joined = '';
    yield { content: content.startsWith('\t') ? content : content.replace(/(?:^|(?<=\s))#.*$/, ''), line: start };
  }
  if (joined !== '') yield { content: joined, line: start };
}

/** True for an assignment, which is remembered. */
function learn(content: string, variables: Map<string, string>): boolean {
  const [, name, operator = '', value = ''] = /^\s*(?:export\s+|override\s+)*([\w.-]{1,100})\s*(\?=|\+=|:{0,3}=|!=)\s*(.*)$/.exec(content) ?? [];
  if (name === undefined) return false;
  const before = variables.get(name);
  if (operator === '?=' && before !== undefined) return true;
  variables.set(name, (operator === '+=' && before !== undefined ? `${before} ${value}` : value).slice(0, TEXT_MAX));
  return true;
}

function readRule(content: string, { variables, line }: { variables: ReadonlyMap<string, string>; line: number }): Rule | null {
  if (content.startsWith('\t') || content.length > TEXT_MAX * 10) return null;
  const [, targets, rest = ''] = /^\s*([^:=#\s][^:=#]*?)\s*::?(?!=)(.*)$/.exec(expand(content, variables)) ?? [];
  if (targets === undefined) return null;
  const [head = '', ...recipe] = rest.split(';');
  const [one = '', two] = head.split(':');
  // `a b: %.o: %.c` has its pattern in between.
  const needs = (two ?? one).replaceAll('|', ' ').split(/\s+/).filter((word) => word !== '' && !word.includes('='));
  return { targets: targets.split(/\s+/).slice(0, 200), needs: needs.slice(0, 200), recipe: recipe.length === 0 ? [] : [recipe.join(';')], line };
}

/** Variables put in; what is not known, and what make computes, is a wildcard. `$$` is the shell's own. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  let expanded = text.slice(0, TEXT_MAX * 10);
  for (let round = 0; round < ROUNDS_MAX && /\$[^$]/.test(expanded) && expanded.length < TEXT_MAX * 20; round += 1) {
    expanded = expanded.replaceAll(/\$\$|\$[({]([\w.-]{1,100})[)}]|\$[@<^*?+%|]/g, (whole, name: string | undefined) => (whole === '$$' ? '$$' : name === undefined ? UNKNOWN : (variables.get(name) ?? PROGRAMS[name.toUpperCase()] ?? UNKNOWN)));
  }
  return expanded.replaceAll(/\$\([^()]{0,500}\)/g, UNKNOWN).replaceAll('$$', '$');
}
