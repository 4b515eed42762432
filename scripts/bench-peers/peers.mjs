// Gives patches to the peers and says what each makes of them. One JSON document in, one out:
// in:  {"cases": [{"patch": TEXT, "files": [{"old": PATH|null, "new": PATH|null, "before": TEXT, "added": N, "removed": N}]}]}
// out: {"peers": [{"name", "version", "answers": [{"refused": REASON|null, "paths": [PATH…], "files": [{"old", "new", "added", "removed", "after"}]}]}]}
// Text is what UTF-8 makes of the bytes for those that read text (as everybody calls them); contents are latin1, the
// form that keeps every byte, so that no peer loses for want of a better call.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';

const require = createRequire(import.meta.url);
const version = (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
const utf8 = (latin1) => Buffer.from(latin1, 'latin1').toString('utf8');
const real = (path) => (path === '/dev/null' || path === '' ? null : (path ?? null));

const parseDiff = require('parse-diff');
const gitdiff = require('gitdiff-parser');
const jsdiff = await import('diff');

const peers = {
  'parse-diff': ({ patch }) =>
    parseDiff(utf8(patch)).map((file) => ({ old: real(file.from), new: real(file.to), added: file.additions, removed: file.deletions })),
  'gitdiff-parser': ({ patch }) =>
    (gitdiff.default ?? gitdiff).parse(utf8(patch)).map((file) => {
      const changes = file.hunks.flatMap((hunk) => hunk.changes);
      return { old: real(file.oldPath), new: real(file.newPath), added: changes.filter((change) => change.type === 'insert' || change.isInsert).length, removed: changes.filter((change) => change.type === 'delete' || change.isDelete).length };
    }),
  diff: ({ patch, files }) =>
    jsdiff.parsePatch(patch).map((part) => {
      const strip = (name) => real(name?.replace(/^[ab]\//u, ''));
      const [old, next] = [strip(part.oldFileName), strip(part.newFileName)];
      const given = files.find((file) => (file.old ?? file.new) === (old ?? next) || file.new === next);
      const after = jsdiff.applyPatch(given?.before ?? '', part);
      if (after === false) throw new Error('does not apply');
      const lines = part.hunks.flatMap((hunk) => hunk.lines);
      return { old, new: next, added: lines.filter((line) => line.startsWith('+')).length, removed: lines.filter((line) => line.startsWith('-')).length, after };
    }),
};

function answer(read, given) {
  try {
    const files = read(given);
    return { refused: null, files };
  } catch (error) {
    return { refused: String(error?.message ?? error).slice(0, 200), files: [] };
  }
}

const { cases } = JSON.parse((await buffer(process.stdin)).toString('utf8'));
process.stdout.write(JSON.stringify({ peers: Object.entries(peers).map(([name, read]) => ({ name, version: version(name), answers: cases.map((given) => answer(read, given)) })) }));
