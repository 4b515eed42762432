// Reads {patches: [text], texts: [text]} from standard input and prints what each peer makes of them. Run by
// `countersign bench policy` in a process of its own: the peers are no part of the product.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { parsePatch } from 'diff';
import gitdiffParser from 'gitdiff-parser';
import parseDiff from 'parse-diff';

const require = createRequire(import.meta.url);
const { diffToGitJSONDSL } = require('danger/distribution/platforms/git/diffToGitJSONDSL.js');
const name = (path) => (path === undefined || path === null || path === '/dev/null' ? null : String(path));
const strip = (path) => name(path)?.replace(/^[ab]\//, '') ?? null;
const file = (old, now, oldMode, newMode) => ({ old: name(old), new: name(now), oldMode: name(oldMode), newMode: name(newMode) });

const PARSERS = {
  'parse-diff': (patch) => parseDiff(patch).map((each) => file(each.from, each.to, each.oldMode, each.newMode ?? each.newFileMode)),
  'gitdiff-parser': (patch) => (gitdiffParser.default ?? gitdiffParser).parse(patch).map((each) => file(each.oldPath, each.newPath, each.oldMode, each.newMode)),
  diff: (patch) => parsePatch(patch).map((each) => file(strip(each.oldFileName), strip(each.newFileName), each.oldMode, each.newMode)),
  'danger file lists': (patch) => {
    const { modified_files, created_files, deleted_files } = diffToGitJSONDSL(patch, []);
    return [...modified_files.map((path) => file(path, path)), ...created_files.map((path) => file(null, path)), ...deleted_files.map((path) => file(path, null))];
  },
};

function parse(parser, patch) {
  try {
    return { refused: null, files: parser(patch) };
  } catch (error) {
    return { refused: String(error?.message ?? error).slice(0, 200), files: [] };
  }
}

const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] };
async function secretsIn(content) {
  const { messages } = await lintSource({ source: { filePath: '/bench/src/a.ts', content, contentType: 'text', ext: '.ts' }, options: { config, noPhysicFilePath: true } });
  // An account's number is no secret.
  return messages.filter(({ messageId }) => messageId !== 'AWSAccountID').length;
}

const { patches, texts } = JSON.parse(await text(process.stdin));
const parsers = Object.entries(PARSERS).map(([tool, parser]) => ({ tool, answers: patches.map((patch) => parse(parser, patch)) }));
const secretlint = [];
for (const each of texts) secretlint.push(await secretsIn(each));
process.stdout.write(JSON.stringify({ parsers, secretlint }));
