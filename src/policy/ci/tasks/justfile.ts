import { UNKNOWN } from '../shell-commands.ts';
import { TASKS_MAX, type ReadTasks, type Task } from './task-file.ts';

const HEADER = /^@?([A-Za-z_][\w-]{0,100})((?:\s+[*+$]?[\w-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s:]+))?)*)\s*:(?!=)\s*(.*)$/;

/** `justfile`: recipes, what they depend on, and the variables that have a plain value. */
export const readJustfile: ReadTasks = (text) => {
  const values = new Map<string, string>();
  const tasks: (Task & { readonly body: string[] })[] = [];
  const includes: string[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const last = tasks.at(-1);
    if (/^\s+\S/.test(raw) && last !== undefined) last.body.push(raw.trim().replace(/^[@-]+/, ''));
    else {
      const [, name, , needs = ''] = HEADER.exec(raw.slice(0, 2000)) ?? [];
      const [, variable, value = ''] = /^(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(?:"([^"]*)"|'[^']*')\s*$/.exec(raw) ?? [];
      const [, included] = /^(?:import\??|mod\??\s+\w+)\s+["']([^"']{1,300})["']/.exec(raw) ?? [];
      if (variable !== undefined) values.set(variable, value);
      else if (included !== undefined) includes.push(included);
      else if (name !== undefined) tasks.push({ name, script: '', needs: [...needs.matchAll(/[A-Za-z_][\w-]*/g)].map(([each]) => each), line: index + 1, body: [] });
    }
  }
  const first = tasks[0]?.name;
  return {
    tasks: tasks.slice(0, TASKS_MAX).map(({ body, ...task }) => ({ ...task, script: body.join('\n').replaceAll(/\{\{\s*([^{}]{0,200}?)\s*\}\}/g, (_, expression: string) => values.get(expression) ?? UNKNOWN) })),
    byDefault: tasks.some(({ name }) => name === 'default') ? ['default'] : first === undefined ? [] : [first],
    includes,
  };
};
