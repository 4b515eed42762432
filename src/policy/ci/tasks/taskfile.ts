import { mapOf, parseYamlMap, textAt, valueAt } from '../../lockfiles/yaml.ts';
import { UNKNOWN } from '../shell-commands.ts';
import { TASKS_MAX, type ReadTasks, type Task } from './task-file.ts';

/** go-task's `Taskfile.yml`: commands, other tasks that they call, and the files that it includes. */
export const readTaskfile: ReadTasks = (text) => {
  const { entries, lineOf } = parseYamlMap(text);
  const root = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
  const tasks = mapOf(root, 'tasks').map(([name, value]): Task => {
    const commands = [...listAt(value, 'cmds'), ...listAt(value, 'cmd'), ...listAt(value, 'preconditions'), ...listAt(value, 'status'), ...(typeof value === 'string' || isList(value) ? listOf(value) : [])];
    const called = [...listAt(value, 'deps'), ...commands].flatMap((each) => taskNamed(each)).concat(listAt(value, 'deps').filter((each) => typeof each === 'string'));
    const folder = plain(textAt(value, 'dir'));
    return { name, script: commands.flatMap(commandOf).map(plain).join('\n'), needs: called.map(withoutNamespace), line: lineOf(name) ?? 1, ...(folder === '' ? {} : { folder }) };
  });
  const includes = mapOf(root, 'includes').flatMap(([, value]) => (typeof value === 'string' ? [value] : [textAt(value, 'taskfile')])).filter((each) => each !== '' && !each.includes('://'));
  return { tasks: tasks.slice(0, TASKS_MAX), byDefault: ['default'], includes: includes.map((each) => (/\.ya?ml$/.test(each) ? each : `${each}/Taskfile.yml`)) };
};

const listAt = (value: unknown, key: string): readonly unknown[] => listOf(valueAt(value, key));
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (isList(value) ? value : value === undefined ? [] : [value]);
const taskNamed = (value: unknown): string[] => (textAt(value, 'task') === '' ? [] : [textAt(value, 'task')]);
const commandOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : [textAt(value, 'cmd'), textAt(value, 'sh'), textAt(value, 'defer')].filter((each) => each !== ''));
const plain = (text: string): string => text.replaceAll(/\{\{\s*\.(?:ROOT_DIR|TASKFILE_DIR|USER_WORKING_DIR)\s*\}\}\/?/g, '').replaceAll(/\{\{[^{}]{0,300}\}\}/g, UNKNOWN);
/** `lib:build` is `build` of an included file. */
const withoutNamespace = (name: string): string => name.replace(/^.*:/, '');
