import { directoryOf } from '../languages.ts';
import { joinPath, under } from './paths.ts';
import type { ResolvableRepo, ResolveIn } from './repo.ts';

/** `from . import x` may name modules: each name that is a module is a target of its own. */
export const resolvePython: ResolveIn = (repo, { path, specifier, names }, own) => {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const module = specifier.slice(dots).replaceAll('.', '/');
  if (dots > 0) {
    const base = own ? joinPath(directoryOf(path), `${'../'.repeat(dots - 1)}${module}`) : null;
    return base === null ? [] : pythonModule(repo, base, names);
  }
  // Another repository's modules are reached by the package that it is, never by what every project has.
  if (!own && (!repo.manifests.some(({ ecosystem, name }) => ecosystem === 'python' && name !== null) || GENERIC.has(module.split('/')[0] ?? ''))) return [];
  for (const root of pythonRoots(repo, own ? path : '')) {
    const found = pythonModule(repo, under(root, module), names);
    if (found.length > 0) return found;
  }
  return [];
};

const GENERIC = new Set(['', 'test', 'tests', 'testing', 'conftest', 'setup', 'config', 'settings', 'utils', 'util', 'lib', 'libs', 'src', 'app', 'main', 'core', 'common', 'helpers', 'docs', 'scripts', 'tools', 'examples', 'types', 'models', 'manage', 'typing', 'logging', 'version']);

/** Where absolute imports start: the repository, `src`, `lib`, each folder with a manifest, and the importing script's own folder. */
function pythonRoots(repo: ResolvableRepo, from: string): string[] {
  const projects = repo.manifests.filter((manifest) => manifest.ecosystem === 'python').map((manifest) => directoryOf(manifest.path));
  const bases = [...new Set(['', ...projects])];
  const own = from === '' ? [] : [directoryOf(from)];
  return [...new Set([...bases, ...bases.flatMap((base) => [under(base, 'src'), under(base, 'lib'), under(base, 'python')]), ...own])];
}

function pythonModule({ paths }: ResolvableRepo, base: string, names: readonly string[]): string[] {
  const submodules = [...new Set(names.flatMap((name) => paths.first([under(base, `${name}.py`), under(base, `${name}/__init__.py`), under(base, `${name}.pyi`)]) ?? []))];
  if (submodules.length > 0) return submodules;
  const own = base === '' ? null : paths.first([`${base}.py`, `${base}/__init__.py`, `${base}.pyi`]);
  return own === null ? [] : [own];
}
