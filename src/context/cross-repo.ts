import type { CrossRepoLink, RepoFacts } from '../domain/context.ts';
import { namesIn, type HttpUse } from './analyse/outline.ts';
import { readApiDocument } from './api-documents.ts';
import { LIMITS } from './limits.ts';
import { fileRoutesOf } from './file-routes.ts';
import { manifestReaderOf } from './manifests/read-manifest.ts';
import { byKey } from './order.ts';
import { isApiPath } from './fact-paths.ts';
import { isFixture } from './resolve/repo.ts';
import { httpOf, type ReadRepo } from './repo-facts.ts';

type Place = CrossRepoLink['provider'];

/** What one repository of the workflow provides and another uses. With one repository there is nothing to say. */
export function crossRepoLinks(repos: readonly RepoFacts[], read: readonly ReadRepo[]): CrossRepoLink[] {
  if (repos.length < 2) return [];
  const firm = [...packageLinks(repos), ...nameLinks(repos), ...routeLinks(repos, read)];
  const linked = new Set(firm.flatMap(({ provider, user }) => [pairOf(provider.repo, user.repo), pairOf(user.repo, provider.repo)]));
  const links = [...firm, ...schemaLinks(repos, read, linked)];
  // A file that uses a thing in several places is named once, at the first.
  const unique = new Map(links.toReversed().map((link) => [linkKey(link), link]));
  return [...unique.values()].sort(byKey(linkKey)).slice(0, LIMITS.links);
}

const pairOf = (one: string, other: string): string => `${one}\0${other}`;
const linkKey = ({ kind, name, provider, user }: CrossRepoLink): string => [kind, provider.repo, name, provider.path, user.repo, user.path].join('\0');

/** A manifest of one repository depends on a package that a manifest of another declares. */
function packageLinks(repos: readonly RepoFacts[]): CrossRepoLink[] {
  return repos.flatMap(({ repo, manifests }) =>
    manifests.flatMap(({ path, ecosystem, dependencies }) =>
      dependencies.flatMap(({ name }) => {
        const provider = providerOf(repos, { repo, ecosystem, name });
        return provider === null ? [] : [{ kind: 'package' as const, name, provider, user: { repo, path, line: null } }];
      }),
    ),
  );
}

function providerOf(repos: readonly RepoFacts[], wanted: { repo: string; ecosystem: string; name: string }): Place | null {
  for (const { repo, manifests } of repos) {
    // Go names a module by its path, and a package in it by a longer one.
    const found = repo === wanted.repo ? undefined : manifests.find((each) => !isFixture(each) && family(each.ecosystem) === family(wanted.ecosystem) && each.name !== null && (each.name === wanted.name || normal(each.name) === normal(wanted.name)));
    if (found !== undefined) return { repo, path: found.path, line: null };
  }
  return null;
}

// Gradle and Maven publish to, and take from, the same place.
const family = (ecosystem: string): string => (ecosystem === 'gradle' ? 'maven' : ecosystem);
const normal = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** An import that leads into another repository, name by name. */
function nameLinks(repos: readonly RepoFacts[]): CrossRepoLink[] {
  const lines = new Map(repos.flatMap(({ repo, files }) => files.map((file) => [`${repo}\0${file.path}`, file.symbols] as const)));
  return repos.flatMap(({ repo, files }) =>
    files.flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier, target, names, line }, index) =>
        // A package without a file that could be found is a package's link, no name's.
        target === null || target.repo === repo || manifestReaderOf(target.path) !== null
          ? []
          : names.slice(0, 50).filter((name) => name !== '*' || imports[index - 1]?.specifier !== specifier).map((each): CrossRepoLink => {
              const name = each === '*' ? specifier : each;
              const symbol = lines.get(`${target.repo}\0${target.path}`)?.find((symbolOf) => symbolOf.name === name);
              return { kind: 'name', name, provider: { ...target, line: symbol?.line ?? null }, user: { repo, path, line } };
            }),
      ),
    ),
  );
}

interface Route {
  readonly repo: string;
  readonly path: string;
  readonly use: HttpUse;
}

/** A path that one repository serves (in code or in an API description) and another asks for. */
function routeLinks(repos: readonly RepoFacts[], read: readonly ReadRepo[]): CrossRepoLink[] {
  const routes = read.flatMap((each): Route[] => {
    const prefixes = mountPrefixes(repos.find(({ repo }) => repo === each.repo)?.files ?? [], httpOf(each));
    return [
      ...httpOf(each).flatMap(({ path, uses }) => uses.flatMap((use) => mounted(use, prefixes.get(path) ?? [/(?:^|\/)routes\/api\.php$/.test(path) ? '/api' : '']).map((of) => ({ repo: each.repo, path, use: of })))),
      ...(repos.find(({ repo }) => repo === each.repo)?.files ?? []).flatMap((file) => fileRoutesOf(file).map((use) => ({ repo: each.repo, path: file.path, use }))),
      ...[...each.texts].filter(([path]) => isApiPath(path)).flatMap(([path, text]) => readApiDocument(path, text).routes.map((use) => ({ repo: each.repo, path, use }))),
    ];
  });
  const provided = Map.groupBy(routes.filter(({ use }) => use.role === 'provides'), ({ use }) => shape(use.path));
  const bases = new Map(read.map((each) => [each.repo, [...new Set(httpOf(each).flatMap(({ uses }) => uses.filter(({ role, method }) => role === 'mounts' && method === '*').map(({ path }) => path)))].slice(0, MOUNTS_MAX)]));
  // A client's base stands elsewhere in its repository: it counts where the path alone leads nowhere.
  const servedAt = (repo: string, path: string): Route[] => ['', ...(bases.get(repo) ?? [])].map((base) => (provided.get(shape(base + path)) ?? []).filter((other) => other.repo !== repo)).find((found) => found.length > 0) ?? [];
  return routes.filter(({ use }) => use.role === 'uses').flatMap(({ repo, path, use }) =>
    servedAt(repo, use.path).filter((other) => other.repo !== repo && isSameMethod(other.use.method, use.method)).slice(0, 20).map((other): CrossRepoLink => ({
      kind: 'route', name: `${use.method === 'ANY' ? other.use.method : use.method} ${other.use.path}`,
      provider: { repo: other.repo, path: other.path, line: other.use.line }, user: { repo, path, line: use.line },
    })),
  );
}

const mounted = (use: HttpUse, prefixes: readonly string[]): HttpUse[] => (use.role === 'provides' ? prefixes.map((prefix) => ({ ...use, path: prefix + use.path })) : [use]);

const MOUNT_DEPTH = 5;
const MOUNTS_MAX = 10;

/** Below which paths each file's routes are mounted by others (`app.use('/api', users)`), however many steps away. */
function mountPrefixes(files: RepoFacts['files'], http: readonly { readonly path: string; readonly uses: readonly HttpUse[] }[]): ReadonlyMap<string, readonly string[]> {
  const mounts = new Map<string, { prefix: string; by: string }[]>();
  const imports = new Map(files.map((file) => [file.path, file.imports]));
  for (const { path: by, uses } of http) {
    for (const { role, method: name, path: prefix } of uses) {
      if (role !== 'mounts' || name === '*') continue;
      const last = `/${name.replaceAll('.', '/')}.py`;
      const imported = (imports.get(by) ?? []).filter(({ specifier, names }) => specifier === name || names.includes(name) || specifier.split(/[./:]/).at(-1) === name).flatMap(({ target }) => target?.path ?? []);
      // Django names the module in a text, which no import says.
      const named = name.includes('.') ? files.filter(({ path }) => `/${path}`.endsWith(last)).map(({ path }) => path) : [];
      for (const to of new Set(imported.length > 0 ? imported : named)) if (to !== by) mounts.set(to, [...(mounts.get(to) ?? []), { prefix, by }].slice(0, MOUNTS_MAX));
    }
  }
  const prefixesOf = (path: string, depth: number): string[] => {
    const known = depth > MOUNT_DEPTH ? undefined : mounts.get(path);
    return known === undefined ? [''] : [...new Set(known.flatMap(({ prefix, by }) => prefixesOf(by, depth + 1).map((above) => above + prefix)))].slice(0, MOUNTS_MAX);
  };
  return new Map([...mounts.keys()].map((path) => [path, prefixesOf(path, 0)]));
}

/** A client may write `/users/42` where the server has `/users/{}`. */
const shape = (path: string): string => path.toLowerCase().replace(/\/(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27})(?=\/|$)/g, '/{}');
const isSameMethod = (left: string, right: string): boolean => left === 'ANY' || right === 'ANY' || left === right;

const SCHEMA_LENSES = /\.(?:proto|graphql|gql)$/;
/** Names that mean something else in every second program. */
const COMMON = new Set(('Action Address Array Boolean Client Collection Config Configuration Context Count Cursor Default Double Duration Element Empty Entity Entry Error Event Exception Field Filter Float Format Function Group Handler Header Index Input Integer Interval Invalid '
  + 'Iterator Level Limit Metadata Method Model Module Mutation Number Object Operation Option Options Order Output Package Params Parameters Person Point Position Priority Promise Properties Property Query Range Record Reference Request Resource Response Result Role Route Schema '
  + 'Scope Server Service Session Settings Source State Status Store Stream String Subscription Success Symbol System Table Target Template Timestamp Token Type Types Union Update User Users Value Values Vector Version Warning').split(' '));
/** What generators of gRPC make of a service's name. */
const GENERATED = (name: string): string[] => [name, `${name}Client`, `${name}Stub`, `New${name}Client`, `${name}Grpc`, `Register${name}Server`, `${name}Servicer`, `${name}Base`];

/**
 * A message, service, GraphQL type or schema that one repository defines and a file of another names. Short and common names say nothing;
 * of three signs two must hold: it is of several words, the repositories have more in common, the using one does not define it itself.
 */
function schemaLinks(repos: readonly RepoFacts[], read: readonly ReadRepo[], linked: ReadonlySet<string>): CrossRepoLink[] {
  const schemas = new Map<string, { readonly name: string; readonly place: Place }[]>();
  const add = (as: string, name: string, place: Place): void => {
    if (!/^[A-Z]\w{4,}$/.test(as) || COMMON.has(as)) return;
    const places = schemas.get(as) ?? [];
    if (places.length < 10) schemas.set(as, [...places, { name, place }]);
  };
  for (const { repo, files } of repos) for (const { path, symbols } of files) if (SCHEMA_LENSES.test(path)) for (const { name, line, kind } of symbols) if (kind === 'type') for (const as of path.endsWith('.proto') && name.endsWith('Service') ? GENERATED(name) : [name]) add(as, name, { repo, path, line });
  for (const { repo, texts } of read) for (const [path, text] of texts) if (isApiPath(path)) for (const name of readApiDocument(path, text).schemas) add(name, name, { repo, path, line: null });
  if (schemas.size === 0) return [];
  return read.flatMap(({ repo, read: { files } }) => {
    const own = new Set(files.flatMap(({ file }) => (SCHEMA_LENSES.test(file.path) ? [] : file.symbols.map(({ name }) => name))));
    return files.flatMap(({ file, references, imports }) => {
      const defined = new Map(file.symbols.map(({ name, line }) => [name, line] as const));
      const named = new Map(imports.flatMap(({ names, line }) => names.map((name) => [name, line] as const)));
      return [...new Set([...namesIn(references), ...defined.keys(), ...named.keys()])].flatMap((name) =>
        (schemas.get(name) ?? []).filter(({ place }) => place.repo !== repo && Number(/[a-z\d][A-Z]/.test(name)) + Number(linked.has(pairOf(repo, place.repo))) + Number(!own.has(name)) >= 2).slice(0, 3).map(({ name: schema, place }): CrossRepoLink => ({ kind: 'schema', name: schema, provider: place, user: { repo, path: file.path, line: defined.get(name) ?? named.get(name) ?? null } })),
      );
    });
  });
}
