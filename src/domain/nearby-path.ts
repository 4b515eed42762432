/** A sentence about the files that are called like a path that is not there: what was probably meant. Empty when none is, or too many are. */
export function nearby(path: string, files: Iterable<string>): string {
  const [name, stem] = namesOf(path);
  const found = [...files].filter((file) => {
    const [other, otherStem] = namesOf(file);
    return other === name || (stem.length > 2 && otherStem === stem);
  });
  return found.length === 0 || found.length > 5 ? '' : ` There is ${found.slice(0, 3).join(', ')}.`;
}

/** A file's name, and the name without its last ending; in lower case. */
function namesOf(path: string): [string, string] {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return [name, name.replace(/\.[^.]*$/u, '')];
}
