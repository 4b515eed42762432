import { matches } from '../../dependencies/pyproject.ts';
import { asList, asTable, asText, createLineFinder, isTable, parseToml, type FindLine } from '../../dependencies/toml.ts';
import { UNKNOWN } from '../shell-commands.ts';
import { TASKS_MAX, type ReadTasks, type Task, type TaskFile } from './task-file.ts';

const TABLES = ['tool.poe.tasks', 'tool.pdm.scripts', 'tool.hatch.envs.*.scripts', 'tool.taskipy.tasks', 'tool.pixi.tasks', 'tool.rye.scripts', 'tool.hatch.scripts'];
const TEXTS_MAX = 1000;

/** Tasks of a `pyproject.toml`, whichever runner reads them: Poe, PDM, Hatch, taskipy, Pixi, Rye. */
export const readPyprojectTasks: ReadTasks = (text) => {
  const root = parseToml(text);
  const line = createLineFinder(text);
  const tasks = TABLES.flatMap((path) => matches(root, path).flatMap(([section, table]) => tasksOf(section, table, line)));
  return { tasks: tasks.slice(0, TASKS_MAX), byDefault: [], includes: [] };
};

/** `[scripts]` of a `Pipfile`. */
export const readPipfileScripts: ReadTasks = (text) => ({ tasks: tasksOf('scripts', parseToml(text)['scripts'], createLineFinder(text)).slice(0, TASKS_MAX), byDefault: [], includes: [] });

function tasksOf(section: string, table: unknown, line: FindLine): Task[] {
  const entries = Object.entries(asTable(table));
  const names = new Set(entries.map(([name]) => name));
  return entries.map(([name, value]) => {
    const texts = textsIn(value).slice(0, TEXTS_MAX);
    return { name, script: texts.map(asCommand).join('\n'), needs: texts.map((each) => each.trim()).filter((each) => names.has(each) && each !== name), line: line(name, section) ?? 1 };
  });
}

/** A function of a module runs the module: `tools.release:main`. */
const asCommand = (text: string): string => text.replace(/^([A-Za-z_][\w.]*):[A-Za-z_]\w*(?:\(.*\))?$/s, 'python -m $1');

function textsIn(value: unknown): string[] {
  const text = asText(value);
  if (text !== null) return [text];
  // A list is a sequence of tasks, or the words of one command: both are tried.
  if (Array.isArray(value)) return [...value.flatMap(textsIn), ...(value.every((item) => typeof item === 'string') ? [value.join(' ')] : [])];
  return isTable(value) ? Object.values(value).flatMap(textsIn) : [];
}

const SECTION = /^\[(testenv(?::[^\]]{1,200})?|tox|pytest|[\w.:-]{1,200})\]\s*$/;
const COMMANDS = /^commands(?:_pre|_post)?$/;

/** `tox.ini`: the commands of every environment. All of them count, whichever is asked for: environments inherit. */
export const readToxIni: ReadTasks = (text) => {
  const tasks: Task[] = [];
  let [section, key] = ['', ''];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const header = SECTION.exec(raw)?.[1];
    if (header !== undefined) [section, key] = [header, ''];
    else if (!/^\s*(?:[#;].*)?$/.test(raw)) {
      const [, name, first] = /^([A-Za-z_][\w-]{0,60})\s*=\s*(.*)$/.exec(raw) ?? [];
      if (name !== undefined) key = name;
      const command = name === undefined ? raw : (first ?? '');
      if (COMMANDS.test(key) && command.trim() !== '') tasks.push({ name: `${section} ${key}`, script: withoutFactors(command), needs: [], line: index + 1 });
    }
  }
  return { tasks: tasks.slice(0, TASKS_MAX), byDefault: null, includes: [] };
};

/** `py39: pytest {posargs}` runs for one factor; `-` before a command forgives its failure. */
const withoutFactors = (command: string): string =>
  command.replace(/^\s*[\w{},!.-]{1,100}:\s+/, '').replace(/^\s*[-!]\s*/, '').replaceAll(/\{toxinidir\}\/?|\{tox_root\}\/?/g, '').replaceAll('{envpython}', 'python').replaceAll(/\{[^{}]{0,200}\}/g, UNKNOWN);

/** `[tool.tox]` of a `pyproject.toml`: lists of words, or an ini text inside. */
export const readToxPyproject: ReadTasks = (text): TaskFile => {
  const root = parseToml(text);
  const line = createLineFinder(text);
  const legacy = matches(root, 'tool.tox.legacy_tox_ini').flatMap(([, value]) => readToxIni(asText(value) ?? '').tasks);
  const lists = ['tool.tox.env_run_base', 'tool.tox.env.*', 'tool.tox.env_pkg_base'].flatMap((path) => matches(root, path)).flatMap(([section, env]) => Object.entries(asTable(env)).filter(([key]) => COMMANDS.test(key)).flatMap(([key, commands]) => asList(commands).map((words): Task => ({ name: `${section} ${key}`, script: textsIn(words).join('\n'), needs: [], line: line(key, section) ?? 1 }))));
  return { tasks: [...legacy, ...lists].slice(0, TASKS_MAX), byDefault: null, includes: [] };
};
