// What npm, pnpm, yarn and bun take as the version of a dependency.

/** A specifier taken apart: a source other than the registry, or null, and what is asked for there. */
export function parseNpmSpec(spec: string): { readonly source: string | null; readonly requirement: string } {
  const text = spec.trim();
  const alias = /^npm:(@?[^@]+)(?:@(.*))?$/.exec(text);
  // Yarn writes `npm:^1.0.0` for what others write as `^1.0.0`.
  if (alias?.[1] !== undefined && !/^[\d^~<>=*xX]|^(?:latest|next)$/.test(alias[1])) return { source: `alias npm:${alias[1]}`, requirement: alias[2] ?? '' };
  if (text.startsWith('npm:')) return { source: null, requirement: text.slice(4) };
  if (/^(?:file|link|portal):|^[.~]{0,2}\/|^[a-z]:\\|^\.{1,2}$|\.(?:tgz|tar|tar\.gz)$/i.test(text) && !/^[a-z+]+:\/\//i.test(text)) return { source: `path ${text.replace(/^(?:file|link|portal):/, '')}`, requirement: '' };
  if (/^(?:workspace|catalog):/.test(text)) return { source: text.split(':')[0] ?? null, requirement: text };
  if (/^(?:patch|exec|jsr):/.test(text)) return { source: text, requirement: '' };
  const git = /^(?:git\+|git:|git@|ssh:|github:|gitlab:|bitbucket:|gist:)|\.git(?:#|$)|^https?:\/\/(?:www\.)?(?:github|gitlab|bitbucket)\.[a-z]+\/[^/]+\/[^/]+$/i.test(text) || /^[\w.-]+\/[\w.-]+(?:#.*)?$/.test(text);
  if (git) return { source: `git ${text.split('#')[0] ?? ''}`, requirement: text.includes('#') ? text.slice(text.indexOf('#') + 1) : '' };
  if (/^[a-z+]+:\/\//i.test(text)) return { source: `url ${text}`, requirement: '' };
  return { source: null, requirement: text };
}
