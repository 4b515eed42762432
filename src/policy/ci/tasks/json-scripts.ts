import type { Node } from 'jsonc-parser';
import { itemsOf, memberOf, membersOf, parseJson, textOf } from '../../dependencies/json.ts';
import { TASKS_MAX, type ReadTasks, type Task } from './task-file.ts';

/** `scripts` of a `package.json`; `npm run x` also runs `prex` and `postx`. */
export const readNpmScripts: ReadTasks = (text) => {
  const json = parseJson(text);
  const scripts = membersOf(memberOf(json.root, 'scripts'), json).flatMap(({ key, node, line }): Task[] => {
    const script = textOf(node);
    return script === null ? [] : [{ name: key, script, needs: [`pre${key}`, `post${key}`], line }];
  });
  return { tasks: scripts.slice(0, TASKS_MAX), byDefault: [], includes: [] };
};

/** `tasks` of a `deno.json`: a command, or an object with one and with what it needs. */
export const readDenoTasks: ReadTasks = (text) => {
  const json = parseJson(text, { comments: true });
  const tasks = membersOf(memberOf(json.root, 'tasks'), json).map(({ key, node, line }): Task => {
    const command = textOf(node) ?? textOf(memberOf(node, 'command')) ?? '';
    return { name: key, script: command, needs: itemsOf(memberOf(node, 'dependencies')).flatMap((item) => textOf(item) ?? []), line };
  });
  return { tasks: tasks.slice(0, TASKS_MAX), byDefault: [], includes: [] };
};

/** `scripts` of a `composer.json`: `@name` calls another one, `Class::method` is code of the project. */
export const readComposerScripts: ReadTasks = (text) => {
  const json = parseJson(text);
  return { tasks: membersOf(memberOf(json.root, 'scripts'), json).map(({ key, node, line }) => composerTask(key, node, line)).slice(0, TASKS_MAX), byDefault: [], includes: [] };
};

function composerTask(name: string, node: Node, line: number): Task {
  const lines = (node.type === 'array' ? itemsOf(node).map(textOf) : [textOf(node)]).filter((each) => each !== null);
  const calls = lines.flatMap((each) => /^@(?!php\b|composer\b|putenv\b|no_additional_args)([\w:.-]+)/.exec(each)?.[1] ?? []);
  return { name, script: lines.map((each) => each.replace(/^@(?=php\b|composer\b)/, '').replace(/^@.*$/, '')).join('\n'), needs: calls, line };
}

