import { entriesOf, itemsOf, memberOf, textOf } from '../manifests/manifest-facts.ts';
import { baseName, directoryOf } from '../languages.ts';
import { parseJsonc } from './jsonc.ts';
import { joinPath } from './paths.ts';

/** `compilerOptions` of one tsconfig, as far as they say where an import leads. Folders are paths of the repository. */
export interface TsConfig {
  readonly baseUrl: string | null;
  readonly paths: readonly { readonly pattern: string; readonly targets: readonly string[] }[];
  readonly extends: readonly string[];
}

export interface PackageMaps {
  readonly exports: unknown;
  readonly imports: unknown;
}

/** What a repository's own files say about resolution. They are read as data; nothing of them is loaded or run. */
export interface ResolverConfigs {
  readonly tsconfigs: ReadonlyMap<string, TsConfig>;
  readonly packages: ReadonlyMap<string, PackageMaps>;
  /** Targets of Swift packages and the folders of their sources. */
  readonly swiftTargets: ReadonlyMap<string, string>;
  /** Solidity's import prefixes, the longest first. */
  readonly remappings: readonly { readonly prefix: string; readonly folder: string }[];
  /** PSR-4 prefixes (without a trailing backslash), the longest first. */
  readonly psr4: readonly { readonly prefix: string; readonly folder: string }[];
}

export const isConfigPath = (path: string): boolean => /^(?:tsconfig|jsconfig)(?:[.-][\w.-]+)?\.json$|^composer\.json$|^package\.json$|^Package\.swift$|^remappings\.txt$|^foundry\.toml$/.test(baseName(path));

export function readConfigs(texts: ReadonlyMap<string, string>): ResolverConfigs {
  const tsconfigs = new Map<string, TsConfig>();
  const packages = new Map<string, PackageMaps>();
  const psr4: { prefix: string; folder: string }[] = [];
  const swiftTargets = new Map<string, string>();
  const remappings: { prefix: string; folder: string }[] = [];
  for (const [path, text] of texts) {
    if (!isConfigPath(path)) continue;
    if (baseName(path) === 'Package.swift') for (const [name, folder] of swiftTargetsOf(text, directoryOf(path))) swiftTargets.set(name, folder);
    else if (/^(?:remappings\.txt|foundry\.toml)$/.test(baseName(path))) remappings.push(...remappingsOf(text, directoryOf(path)));
    if (!path.endsWith('.json')) continue;
    const json = parsed(text);
    if (baseName(path) === 'composer.json') psr4.push(...psr4Of(json, directoryOf(path)));
    else if (baseName(path) === 'package.json') packages.set(path, { exports: memberOf(json, 'exports'), imports: memberOf(json, 'imports') });
    else tsconfigs.set(path, tsConfigOf(json, directoryOf(path)));
  }
  const byLength = (left: { prefix: string }, right: { prefix: string }): number => right.prefix.length - left.prefix.length;
  return { tsconfigs, packages, swiftTargets, remappings: remappings.sort(byLength), psr4: psr4.sort(byLength) };
}

/** `.target(name: "X", path: "Source")`; without a path a target lies in `Sources/X`. */
function swiftTargetsOf(text: string, folder: string): [string, string][] {
  const starts = [...text.matchAll(/\.(?:target|executableTarget|testTarget|macro|systemLibrary)\(\s*name:\s*"(\w{1,200})"/g).take(500)];
  return starts.flatMap(({ index, 1: name = '' }, at): [string, string][] => {
    const stated = /\bpath:\s*"([^"\n]{1,300})"/.exec(text.slice(index, starts[at + 1]?.index))?.[1];
    const found = stated === undefined ? null : joinPath(folder, stated);
    return found === null ? [] : [[name, found]];
  });
}

/** Lines `[context:]prefix=folder` of `remappings.txt`, and the same as texts of `foundry.toml`. */
function remappingsOf(text: string, folder: string): { prefix: string; folder: string }[] {
  return [...text.matchAll(/^[ \t]*(?:remappings\s*=\s*\[\s*)?["']?(?:[^\s"'=:]{0,200}:)?([@\w./-]{1,200})=([\w@./-]{1,300}?)\/?["']?,?[ \t\]]*\r?$/gm).take(500)].flatMap(({ 1: prefix = '', 2: target = '' }) => {
    const at = joinPath(folder, target);
    return at === null ? [] : [{ prefix: prefix.replace(/\/$/, ''), folder: at }];
  });
}

// A broken file resolves nothing; for a manifest the problem is listed where it is read.
function parsed(text: string): unknown {
  try {
    return parseJsonc(text);
  } catch {
    return null;
  }
}

function tsConfigOf(json: unknown, folder: string): TsConfig {
  const options = memberOf(json, 'compilerOptions');
  const stated = textOf(memberOf(options, 'baseUrl'));
  const baseUrl = stated === null ? null : joinPath(folder, stated);
  const paths = entriesOf(memberOf(options, 'paths')).slice(0, 1_000).map(([pattern, targets]) => ({
    pattern,
    targets: itemsOf(targets).slice(0, 50).flatMap((target) => joinPath(baseUrl ?? folder, textOf(target) ?? '../'.repeat(99)) ?? []),
  }));
  const parents = memberOf(json, 'extends');
  return { baseUrl, paths, extends: (Array.isArray(parents) ? parents : [parents]).flatMap((each) => textOf(each) ?? []).slice(0, 20) };
}

function psr4Of(json: unknown, folder: string): { prefix: string; folder: string }[] {
  return ['autoload', 'autoload-dev'].flatMap((key) =>
    entriesOf(memberOf(memberOf(json, key), 'psr-4')).flatMap(([prefix, targets]) =>
      (Array.isArray(targets) ? targets : [targets]).flatMap((target) => {
        const at = joinPath(folder, textOf(target) ?? '.');
        return at === null ? [] : [{ prefix: prefix.replace(/\\+$/, ''), folder: at }];
      }),
    ),
  );
}
