import { baseName, directoryOf } from '../languages.ts';
import { foldersAbove, under } from './paths.ts';
import type { ResolvableRepo, ResolveIn } from './repo.ts';

/** `crate::`, `self::`, `super::`, `mod x;` and the crates of the workspace, by Rust's own file layout. */
export const resolveRust: ResolveIn = (repo, { path, specifier }, own) => {
  const [head = '', ...rest] = specifier.split('::');
  if (head === 'mod') return own ? child(repo, moduleFolder(path), rest[0] ?? '') : [];
  if (head === 'crate') return own ? descend(repo, sourceRoot(repo, path), rest) : [];
  if (head === 'self') return own ? descend(repo, moduleFolder(path), rest) : [];
  if (head === 'super') return own ? resolveSuper(repo, path, specifier.split('::')) : [];
  const crate = repo.manifests.find((manifest) => manifest.ecosystem === 'cargo' && manifest.name?.replaceAll('-', '_') === head);
  if (crate === undefined) return own ? local(repo, path, specifier.split('::')) : [];
  const source = under(directoryOf(crate.path), 'src');
  const inside = descend(repo, source, rest);
  return inside.length > 0 ? inside : [repo.paths.first([under(source, 'lib.rs'), under(source, 'main.rs')]) ?? crate.path];
};

/** A file that is a crate by itself: an integration test, an example, a benchmark, a binary. */
const isCrateRoot = (path: string): boolean => /(?:^|\/)(?:tests|examples|benches|src\/bin)\/[^/]+\.rs$/.test(path);

/** The folder where the children of a file's module lie. */
function moduleFolder(path: string): string {
  const name = baseName(path);
  const folder = directoryOf(path);
  return /^(?:lib|main|mod|build)\.rs$/.test(name) || isCrateRoot(path) ? folder : under(folder, name.replace(/\.rs$/, ''));
}

function sourceRoot(repo: ResolvableRepo, path: string): string {
  const above = foldersAbove(directoryOf(path)).find((folder) => repo.paths.has(under(folder, 'Cargo.toml')));
  if (above === undefined) return '';
  // Tests, examples and benchmarks are crates of their own.
  const [own = '', inner = ''] = path.slice(above === '' ? 0 : above.length + 1).split('/');
  if (!/^(?:tests|examples|benches)$/.test(own)) return under(above, 'src');
  return repo.paths.has(under(above, `${own}/${inner}/main.rs`)) ? under(above, `${own}/${inner}`) : under(above, own);
}

const child = (repo: ResolvableRepo, folder: string, name: string): string[] => {
  const found = name === '' ? null : repo.paths.first([under(folder, `${name}.rs`), under(folder, `${name}/mod.rs`)]);
  return found === null ? [] : [found];
};

/** The deepest file along a path of modules; what follows are names inside it. */
function descend(repo: ResolvableRepo, root: string, parts: readonly string[]): string[] {
  let folder = root;
  let found: string[] = [];
  for (const part of parts) {
    const next = child(repo, folder, part);
    if (next.length === 0) break;
    found = next;
    folder = under(folder, part);
  }
  if (found.length > 0) return found;
  const own = repo.paths.first([under(root, 'mod.rs'), under(root, 'lib.rs'), under(root, 'main.rs'), `${root}.rs`]);
  return own === null ? [] : [own];
}

function resolveSuper(repo: ResolvableRepo, path: string, parts: readonly string[]): string[] {
  let folder = moduleFolder(path);
  let index = 0;
  for (; parts[index] === 'super'; index++) folder = directoryOf(folder);
  return descend(repo, folder, parts.slice(index)).filter((found) => found !== path);
}

// `use parser::Thing` beside `mod parser;` of the same file (2015 edition, and 2018 for local modules).
const local = (repo: ResolvableRepo, path: string, parts: readonly string[]): string[] => (child(repo, moduleFolder(path), parts[0] ?? '').length > 0 ? descend(repo, moduleFolder(path), parts) : []);
