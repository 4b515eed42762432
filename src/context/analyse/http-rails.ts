import type { HttpUse } from './outline.ts';

export const RESOURCE_ROUTES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  index: [['get', '']], create: [['post', '']], show: [['get', '/{}']], update: [['patch', '/{}'], ['put', '/{}']], destroy: [['delete', '/{}']], new: [['get', '/new']], edit: [['get', '/{}/edit']],
};
const LINE_MAX = 400;
const NESTS = /\bdo\b(?:\s*\|[^|]*\|)?\s*$/;

/** `config/routes.rb`, line by line: namespaces, scopes, resources and single routes. What is computed in it is not seen. */
export function railsRoutesOf(text: string): HttpUse[] {
  if (!text.includes('routes.draw')) return [];
  const found: HttpUse[] = [];
  const prefixes: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.length > LINE_MAX ? '' : raw.replace(/(?:^|\s)#.*$/, '').trim();
    const add = (method: string, path: string): void => void (found.length < 500 && found.push({ role: 'provides', method, path: prefixes.join('') + path, line: index + 1 }));
    const resources = /^resources?\s+([:\w, ]+?)(?:,\s*(\w+:.*?))?(?:\s+do\b.*)?$/.exec(line);
    const single = /^(get|post|put|patch|delete)\s+["']\/?([\w\-./:]*)["']/.exec(line);
    const names = (resources?.[1] ?? '').match(/\w+/g) ?? [];
    for (const name of names) for (const action of actionsOf(resources?.[2] ?? '')) for (const [method, rest] of RESOURCE_ROUTES[action] ?? []) add(method.toUpperCase(), `/${name}${line.startsWith('resources') ? rest : rest.replace('/{}', '')}`);
    if (single !== null) add((single[1] ?? '').toUpperCase(), `/${(single[2] ?? '').replace(/:\w+/g, '{}')}`);
    if (/^end\b/.test(line)) prefixes.pop();
    else if (NESTS.test(line)) prefixes.push(prefixOf(line, names[0]));
  }
  return found.filter(({ path }) => path.length > 1);
}

function actionsOf(options: string): string[] {
  const listed = (key: string): string[] | null => new RegExp(String.raw`${key}:\s*(?:\[([^\]]*)\]|%i\[([^\]]*)\]|:(\w+))`).exec(options)?.slice(1).find((each) => each !== undefined)?.match(/\w+/g) ?? null;
  const except = listed('except') ?? [];
  return (listed('only') ?? Object.keys(RESOURCE_ROUTES)).filter((action) => Object.hasOwn(RESOURCE_ROUTES, action) && !except.includes(action));
}

function prefixOf(line: string, resource: string | undefined): string {
  if (resource !== undefined) return `/${resource}${line.startsWith('resources') ? '/{}' : ''}`;
  const named = /^namespace\s+:?["']?(\w+)|^scope\s+(?:path:\s*)?:?["']?\/?([\w\-/]+)["']?(?!\w*:)/.exec(line);
  const name = named?.[1] ?? (/^scope\s+(?:module|as|constraints):/.test(line) ? undefined : named?.[2]);
  return name === undefined ? '' : `/${name}`;
}
