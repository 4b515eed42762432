/** Languages by file extension, lower case and without the dot. Only text that people write by hand. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ts: 'TypeScript', mts: 'TypeScript', cts: 'TypeScript', tsx: 'TSX',
  js: 'JavaScript', mjs: 'JavaScript', cjs: 'JavaScript', jsx: 'JavaScript',
  py: 'Python', pyi: 'Python', go: 'Go', rs: 'Rust', java: 'Java', kt: 'Kotlin', kts: 'Kotlin', scala: 'Scala',
  c: 'C', h: 'C', cc: 'C++', cpp: 'C++', cxx: 'C++', hpp: 'C++', hh: 'C++', cs: 'C#', fs: 'F#', swift: 'Swift', m: 'Objective-C',
  rb: 'Ruby', php: 'PHP', pl: 'Perl', lua: 'Lua', ex: 'Elixir', exs: 'Elixir', erl: 'Erlang', hs: 'Haskell', ml: 'OCaml', dart: 'Dart',
  r: 'R', jl: 'Julia', zig: 'Zig', sol: 'Solidity', clj: 'Clojure', sh: 'Shell', bash: 'Shell', zsh: 'Shell', ps1: 'PowerShell',
  sql: 'SQL', graphql: 'GraphQL', gql: 'GraphQL', proto: 'Protocol Buffers', html: 'HTML', css: 'CSS', scss: 'SCSS', less: 'Less',
  vue: 'Vue', svelte: 'Svelte', astro: 'Astro', md: 'Markdown', mdx: 'Markdown', rst: 'reStructuredText', adoc: 'AsciiDoc',
  json: 'JSON', jsonc: 'JSON', json5: 'JSON', yaml: 'YAML', yml: 'YAML', toml: 'TOML', xml: 'XML', tf: 'Terraform', nix: 'Nix',
};

const NAMES: Readonly<Record<string, string>> = { dockerfile: 'Dockerfile', makefile: 'Makefile', gemfile: 'Ruby', rakefile: 'Ruby', justfile: 'Just' };

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const directoryOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** The extension in lower case without its dot, or an empty string. */
export function extensionOf(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/** The language of a path, or null when its name says nothing. */
export function languageOf(path: string): string | null {
  const byExtension = lookUp(LANGUAGES, extensionOf(path));
  return byExtension ?? lookUp(NAMES, baseName(path).toLowerCase());
}

// Own keys only: a file called `x.constructor` must not find what objects inherit.
const lookUp = (table: Readonly<Record<string, string>>, key: string): string | null => (Object.hasOwn(table, key) ? (table[key] ?? null) : null);
