import { zipSync } from 'fflate';
import { hashCanonical } from '../../../src/ledger/canonical-json.ts';
import { makeSecrets } from '../../../src/policy/secrets/synthetic-secrets.ts';
import type { Lie, Thought } from './hostile-think.ts';

// What a think job that was taken over could hand to its record job.

/** `lie` is refused for `reason`; `code` is the pause's, `artifact-refused` unless it says another. */
export interface Case {
  readonly name: string;
  readonly lie: Lie;
  readonly code?: string;
  readonly reason: RegExp;
}

/** The honest value with something changed. */
export const changed = (change: (value: Thought) => void): Lie => ({ value }) => {
  change(value);
  return JSON.stringify(value);
};

const MEGABYTE = 1024 * 1024;
const incompressible = (bytes: number): Uint8Array => {
  const all = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(all.subarray(at, Math.min(at + 65_536, bytes)));
  return all;
};
const SECRET = makeSecrets(12, 1)[0]?.secret ?? '';
const FORGED = 'f'.repeat(64);

/** What lies in the place of either stage's archive: refused before a use case sees it. */
export const OF_ARCHIVE: readonly Case[] = [
  { name: '20 MB that do not compress', lie: () => ({ archive: zipSync({ 'think.json': incompressible(20 * MEGABYTE) }, { level: 0 }) }), reason: /at most 16777216 are read/ },
  { name: 'an archive of another file', lie: () => ({ archive: zipSync({ '../think.json': new Uint8Array(1) }) }), reason: /job left no artifact/ },
  { name: 'bytes that are no archive', lie: () => ({ archive: incompressible(1_000) }), reason: /job left no artifact/ },
];

/** Lies of either stage; both read an artifact by the same code. */
export const ANY_STAGE: readonly Case[] = [
  { name: 'no artifact', lie: () => null, reason: /job left no artifact/ },
  { name: '20 MB that compress well', lie: () => `"${' '.repeat(20 * MEGABYTE)}"`, reason: /at most 16777216 are read/ },
  { name: 'not JSON', lie: ({ text }) => text.slice(0, -10), reason: /not JSON in UTF-8/ },
  { name: 'JSON of another form', lie: () => '["think"]', reason: /does not have the expected form/ },
  { name: 'a member too many', lie: changed((value) => void (value['digest'] = FORGED)), reason: /does not have the expected form \(artifact: Unrecognized key: "digest"/ },
  { name: "another workflow's id", lie: changed((value) => void (value.workflow = 'wf-20260101-zzzzzz')), reason: /speaks of wf-20260101-zzzzzz/ },
  {
    name: 'text that no record can hold',
    lie: changed((value) => void value.calls.push({ role: 'planner', model: 'm\ud800', promptTemplate: null, prompt: null, parameters: { 'a\u0000': 'b\udfff' }, output: '', tokensIn: 1, tokensOut: 1, costMicroUsd: 1, durationMs: 1, outcome: 'succeeded', reason: null })),
    reason: /text that no record can hold/,
  },
];

/** Lies of the design job. */
export const OF_DESIGN: readonly Case[] = [
  { name: 'a forged context hash', lie: changed((value) => void (value['contextHash'] = FORGED)), reason: new RegExp(`context hash is ${FORGED}, this job computed`) },
  { name: 'another revision of the issue', lie: changed((value) => void (value['issueRevision'] = FORGED)), reason: /another revision of the issue/ },
  { name: 'another base commit', lie: changed((value) => void (value.repos[0] = { ...value.repos[0], repo: 'local/api', baseCommit: 'e'.repeat(40) })), reason: /pins other repositories or commits/ },
  { name: 'one more repository', lie: changed((value) => void value.repos.push({ ...value.repos[0], repo: 'local/control', role: 'secondary', baseCommit: 'e'.repeat(40) })), reason: /pins other repositories or commits/ },
  { name: 'a document of another context', lie: changed(({ documents }) => void (documents['plan'] = { ...documents['plan'], contextHash: FORGED })), reason: /plan document speaks of another workflow or context/ },
  { name: 'a document with a member too many', lie: changed(({ documents }) => void (documents['scope'] = { ...documents['scope'], approved: true })), reason: /scope document does not have the expected form/ },
  { name: 'other facts in the architecture', lie: changed(addComponent), reason: /shows other components and dependencies than this job found/ },
  { name: 'an architecture without its facts', lie: changed(({ documents }) => void delete documents['architecture']?.['topology']), reason: /shows other components and dependencies than this job found/ },
  { name: 'a plan that is made from another scope', lie: changed(({ documents }) => void (documents['scope'] = { ...documents['scope'], goals: ['Something else'] })), reason: /plan document does not name, by hash, what it was made from/ },
  { name: 'a decision about another issue', lie: changed(({ documents }) => void (documents['decision'] = { ...documents['decision'], inputHashes: [FORGED] })), reason: /decision document does not name, by hash/ },
  { name: 'no decision', lie: changed(({ documents }) => void (documents['decision'] = null)), reason: /holds no decision/ },
  { name: 'evidence that does not exist', lie: changed(citeNothing), code: 'gate-1', reason: /Gate 1 does not pass/ },
];

function addComponent({ documents }: Thought): void {
  const topology = documents['architecture']?.['topology'] as { components: unknown[] };
  topology.components.push({ repo: 'local/api', root: 'src/engine', name: 'engine', ecosystem: null, files: 40, tests: 0 });
}

/** A think job that was taken over can make its chain of hashes anew, of course. */
function citeNothing({ documents }: Thought): void {
  const before = new Map(Object.entries(documents).map(([kind, document]) => [kind, hashCanonical(document)]));
  const evidence = documents['architecture']?.['evidence'] as { blob: string }[];
  for (const cited of evidence) cited.blob = 'e'.repeat(40);
  for (const kind of ['scope', 'plan', 'gates']) {
    const renamed = new Map([...before].map(([each, hash]) => [hash, hashCanonical(documents[each])]));
    const inputs = documents[kind]?.['inputHashes'] as string[];
    documents[kind] = { ...documents[kind], inputHashes: inputs.map((hash) => renamed.get(hash) ?? hash) };
  }
}

/** A think job's edit blocks, as text. */
export const edits = (path: string, [search, replace]: readonly [string, string] = ['', 'x']): string => `\`\`\`search/replace path=${path} repo=local/api task=T1\n<<<<<<< SEARCH\n${search === '' ? '' : `${search}\n`}=======\n${replace}\n>>>>>>> REPLACE\n\`\`\`\n`;
const proposes = (text: string): Lie => changed(({ proposals }) => void (proposals[0] = { patchSet: 'ps-1', repo: 'local/api', parts: [{ format: 'edits', text }] }));

/** Lies of the patch job. */
export const OF_PATCH: readonly Case[] = [
  { name: 'a repository outside the workflow', lie: changed(({ proposals }) => void proposals.push({ patchSet: 'ps-2', repo: 'local/web', parts: [{ format: 'edits', text: edits('a.js') }] })), reason: /proposes ps-2 for local\/web, which this workflow does not have/ },
  { name: 'the control repository', lie: changed(({ proposals }) => void (proposals[0] = { patchSet: 'ps-1', repo: 'local/control', parts: [{ format: 'edits', text: edits('countersign.yml') }] })), reason: /proposes ps-1 for local\/control/ },
  { name: 'another PatchSet of the same repository', lie: changed(({ proposals }) => void (proposals[0] = { ...proposals[0], patchSet: 'ps-7', repo: 'local/api', parts: proposals[0]?.parts ?? [] })), reason: /proposes ps-7 for local\/api/ },
  { name: 'the same PatchSet twice', lie: changed(({ proposals }) => void proposals.push(...proposals)), reason: /proposes ps-1 twice/ },
  { name: 'no proposal', lie: changed((value) => void (value.proposals = [])), code: 'no-proposal', reason: /gave no change/ },
  { name: 'a path that leads outside', lie: proposes(edits('../../../../tmp/countersign-was-here')), code: 'path-traversal', reason: /^ps-1 \(local\/api\): .* has the part "\.\."/ },
  { name: 'an absolute path', lie: proposes(edits('/tmp/countersign-was-here')), code: 'path-absolute', reason: /is absolute/ },
  { name: "git's own directory", lie: proposes(edits('.git/hooks/post-checkout')), code: 'path-git-directory', reason: /leads into a git directory/ },
  { name: 'a secret in the name of a file', lie: proposes(`\`\`\`new-file path=docs/${SECRET}.md repo=local/api task=T1\nx\n\`\`\`\n`), code: 'secret-in-a-name', reason: /name that looks like a secret/ },
  { name: 'a text that is not there', lie: proposes(edits('docs/errors.md', ['not there', 'anywhere'])), code: 'search-not-found', reason: /stands nowhere in "docs\/errors\.md/ },
];
