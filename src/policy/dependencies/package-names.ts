import picomatch from 'picomatch';

const OPTIONS = { dot: true, noextglob: true, nonegate: true, windows: false, nocase: true } as const;

/**
 * Matches names that are not wanted, written as `ECOSYSTEM:NAME` or as a name alone for every ecosystem. Generous: case
 * does not count, and `*` goes across slashes, so that `npm:@evil*` is the whole scope.
 */
export function matchDenied(globs: readonly string[]): (name: string) => boolean {
  if (globs.length === 0) return () => false;
  const flat = (text: string): string => text.replaceAll('/', ':');
  const isMatch = picomatch(globs.flatMap((glob) => (/^(?:\*|[a-z]+):/.test(glob) ? [flat(glob)] : [`*:${flat(glob)}`])).map((glob) => glob.replaceAll(/[()|+]/g, String.raw`\$&`)), OPTIONS);
  return (name) => isMatch(flat(name));
}
