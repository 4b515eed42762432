import { directoryOf, extensionOf } from '../languages.ts';
import { LIMITS } from '../limits.ts';
import { joinPath, under } from './paths.ts';
import { packageKey, type ResolvableRepo, type ResolveIn } from './repo.ts';

const most = (paths: readonly string[]): readonly string[] => paths.slice(0, LIMITS.targetsPerImport);

/** Go: the files of the package that an import path names, by the `go.mod` whose module is its prefix. */
export const resolveGo: ResolveIn = (repo, { specifier }, own) => {
  const modules = repo.manifests.filter((manifest) => manifest.ecosystem === 'go' && manifest.name !== null && (specifier === manifest.name || specifier.startsWith(`${manifest.name}/`)));
  const nearest = modules.toSorted((left, right) => (right.name?.length ?? 0) - (left.name?.length ?? 0))[0];
  const folders = nearest === undefined ? [] : [under(directoryOf(nearest.path), specifier.slice((nearest.name?.length ?? 0) + 1))];
  // A repository from before modules: its own import paths end in its folders.
  if (nearest === undefined && own && specifier.includes('/') && !repo.manifests.some(({ ecosystem }) => ecosystem === 'go')) folders.push(...vendored(repo, specifier));
  const found = folders.flatMap((folder) => repo.paths.filesIn(folder.replace(/\/$/, ''))).filter((path) => path.endsWith('.go') && !path.endsWith('_test.go'));
  return most(found);
};

const vendored = (repo: ResolvableRepo, specifier: string): string[] => {
  const parts = specifier.split('/');
  return parts.length > 3 ? [...repo.paths.foldersEndingIn(parts.slice(3).join('/'))].slice(0, 1) : [];
};

/** Java, Kotlin, Scala: the class's file by its package's folders, else whatever declares the package. */
export const resolveJvm: ResolveIn = (repo, { specifier }, own) => {
  if (!own && /^(?:javax?|kotlinx?|scala|android)\./.test(specifier)) return [];
  const parts = specifier.replace(/\.\*$/, '').split('.');
  for (let length = parts.length; length >= Math.max(1, parts.length - 2); length--) {
    const stem = parts.slice(0, length).join('/');
    const found = ['java', 'kt', 'scala'].flatMap((extension) => [...repo.paths.endingIn(`${stem}.${extension}`)].slice(0, 1));
    if (found.length > 0 && length > 1) return found;
  }
  const name = parts.join('.');
  return most(repo.namespaces.get(name) ?? (specifier.endsWith('.*') ? [] : repo.namespaces.get(parts.slice(0, -1).join('.'))) ?? []);
};

/** C#: every file that declares the namespace, or the type's file in it. */
export const resolveCsharp: ResolveIn = (repo, { specifier }, own) => {
  // Libraries add to the framework's namespaces; that they are used says nothing of the library.
  if (!own && /^(?:System|Microsoft|Windows)(?:\.|$)/.test(specifier)) return [];
  const declared = repo.namespaces.get(specifier);
  if (declared !== undefined) return most(declared);
  const type = specifier.slice(specifier.lastIndexOf('.') + 1);
  const outer = repo.namespaces.get(specifier.slice(0, -type.length - 1)) ?? [];
  return outer.filter((path) => path.endsWith(`/${type}.cs`) || path === `${type}.cs`);
};

/** PHP: `use` by PSR-4, else by the file's name; `require` by path. */
export const resolvePhp: ResolveIn = (repo, { path, specifier }, own) => {
  if (specifier.startsWith('./')) {
    const found = own ? repo.paths.first([joinPath(directoryOf(path), specifier), joinPath('', specifier)].filter((each) => each !== null)) : null;
    return found === null ? [] : [found];
  }
  for (const { prefix, folder } of repo.configs.psr4) {
    // Every application of a framework calls its own code so.
    if (!own && /^(?:|App|Tests|Database)(?:\\|$)/.test(prefix)) continue;
    if (prefix !== '' && specifier !== prefix && !specifier.startsWith(`${prefix}\\`)) continue;
    const rest = prefix === '' ? specifier : specifier.slice(prefix.length + 1);
    const file = under(folder, `${rest.replaceAll('\\', '/')}.php`);
    if (repo.paths.has(file)) return [file];
  }
  const parts = specifier.split('\\');
  if (!own) return [];
  const named = parts.length < 2 ? [] : repo.paths.endingIn(`${parts.slice(-2).join('/')}.php`);
  // A namespace may be named as a whole.
  return named.length > 0 ? named.slice(0, 1) : most(repo.namespaces.get(specifier) ?? []);
};

/** Ruby: relative files, and `lib` (or any load path of that name) of every gem. */
export const resolveRuby: ResolveIn = (repo, { path, specifier }, own) => {
  const file = specifier.endsWith('.rb') ? specifier : `${specifier}.rb`;
  if (specifier.startsWith('.')) {
    const found = own ? joinPath(directoryOf(path), file) : null;
    return found !== null && repo.paths.has(found) ? [found] : [];
  }
  const gems = repo.manifests.filter(({ ecosystem, name }) => ecosystem === 'rubygems' && (own || name !== null)).map((manifest) => directoryOf(manifest.path));
  if (!own) {
    const offered = repo.paths.first(gems.map((root) => under(root, `lib/${file}`)));
    return offered === null ? [] : [offered];
  }
  const roots = [...new Set(['', ...gems])].flatMap((root) => ['lib', 'app', 'test', 'spec', ''].map((folder) => under(root, folder).replace(/\/$/, '')));
  const found = repo.paths.first(roots.map((root) => under(root, file))) ?? repo.paths.endingIn(`lib/${file}`)[0];
  return found === undefined ? [] : [found];
};

/** C and C++: beside the file, under the usual include folders, else the one path that ends so. */
export const resolveInclude: ResolveIn = (repo, { path, specifier }, own) => {
  const name = specifier.replace(/^\.\//, '');
  if (own && specifier.startsWith('./')) {
    const beside = joinPath(directoryOf(path), name);
    if (beside !== null && repo.paths.has(beside)) return [beside];
  }
  const plain = joinPath('', name);
  if (plain === null) return [];
  // Of another repository what it offers to others: its include folders, and a header at its top with a name of its own.
  if (!own) {
    const isOwnName = !plain.includes('/') && !/^(?:config|utils?|common|types|log|version|main|errors?|strings?|list|test|debug|assert|time|math)\.h/.test(plain);
    const offered = repo.paths.first([`include/${plain}`, ...(isOwnName ? [plain] : [])]) ?? repo.paths.endingIn(`include/${plain}`)[0];
    return offered === undefined ? [] : [offered];
  }
  const found = repo.paths.first([plain, `include/${plain}`, `src/${plain}`, `lib/${plain}`]);
  if (found !== null) return [found];
  // A bare `<string.h>` is the system's, unless exactly one file here has that name.
  const ending = repo.paths.endingIn(plain);
  return ending.length === 1 || (plain.includes('/') && ending.length > 0) ? ending.slice(0, 1) : [];
};

/** Dart: `package:NAME/x` under the package's `lib`, else a relative path. */
export const resolveDart: ResolveIn = (repo, { path, specifier }, own) => {
  const [, name, rest] = /^package:([^/]+)\/(.+)$/.exec(specifier) ?? [];
  const manifest = repo.packages.get(packageKey('pub', name ?? ''));
  const file = name === undefined ? (own && !specifier.includes(':') ? joinPath(directoryOf(path), specifier) : null) : manifest === undefined ? null : joinPath(directoryOf(manifest.path), `lib/${rest ?? ''}`);
  return file !== null && repo.paths.has(file) ? [file] : [];
};

/** Swift: the files of a module, in the folder that its package says, or under `Sources`. */
export const resolveSwift: ResolveIn = (repo, { specifier }) => {
  const folder = repo.configs.swiftTargets.get(specifier) ?? ['Sources', 'Source', 'src', 'srcs', 'Tests'].flatMap((root) => repo.paths.foldersEndingIn(`${root}/${specifier}`))[0];
  return folder === undefined ? [] : most(repo.paths.filesUnder(folder).filter((path) => path.endsWith('.swift')));
};

/** Solidity: a path, through the remappings; else a package of the workspace. */
export const resolveSolidity: ResolveIn = (repo, use, own) => {
  const { specifier } = use;
  const mapping = own ? repo.configs.remappings.find(({ prefix }) => specifier === prefix || specifier.startsWith(`${prefix}/`)) : undefined;
  const mapped = mapping === undefined ? null : joinPath(mapping.folder, specifier.slice(mapping.prefix.length + 1));
  if (mapped !== null && repo.paths.has(mapped)) return [mapped];
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  const manifest = repo.packages.get(packageKey('npm', name));
  const packaged = manifest === undefined ? null : joinPath(directoryOf(manifest.path), specifier.slice(name.length + 1));
  return packaged !== null && repo.paths.has(packaged) ? [packaged] : resolveByPath(repo, use, own);
};

/** Protocol Buffers: a path; one that begins with the repository's own name (`etcd/api/x.proto`) is looked for without it. */
export const resolveProto: ResolveIn = (repo, use, own) => {
  const found = resolveByPath(repo, use, own);
  const shorter = use.specifier.slice(use.specifier.indexOf('/') + 1);
  return found.length > 0 || !own || !shorter.includes('/') || /^(?:google|grpc)\//.test(use.specifier) ? found : [shorter, shorter.slice(shorter.indexOf('/') + 1)].filter((path) => path.includes('/') && repo.paths.has(path)).slice(0, 1);
};

/** CSS, Solidity, Protocol Buffers, GraphQL (`#import`): a path beside the file, else from a root, else the one that ends so. */
export const resolveByPath: ResolveIn = (repo, { path, specifier }, own) => {
  const extension = extensionOf(path);
  const beside = own ? joinPath(directoryOf(path), specifier) : null;
  const plain = joinPath('', specifier.replace(/^~/, ''));
  const exact = [beside, plain].filter((each) => each !== null);
  const found = repo.paths.first([...exact, ...exact.map((each) => `${each}.${extension}`)]);
  if (found !== null) return [found];
  return plain !== null && plain.includes('/') && !specifier.startsWith('.') ? repo.paths.endingIn(plain).slice(0, 1) : [];
};
