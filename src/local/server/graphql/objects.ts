// Resolvers of git objects. Fields that cost a read are functions: they run only when the query asks for them.
import type { LocalRepo } from '../../contract.ts';
import { parseCommit, parseTree } from '../git/object-format.ts';
import type { GitObject } from '../git/object-format.ts';
import { htmlUrl } from '../view/repos.ts';
import { nodeId } from '../view/users.ts';
import type { Call } from '../world.ts';
import type { ConnectionArguments } from './connection.ts';
import { rulesOf } from './settings.ts';
import { rollupSource } from './status-checks.ts';

type Source = Record<string, unknown>;
/** GitHub cuts `text` off here and says `isTruncated`. */
const TEXT_BYTES_MAX = 512_000;
const SNIFFED_BYTES = 8000;

const base = (object: GitObject, name: string): Source => ({ __typename: name, id: nodeId(name.charAt(0), object.oid), oid: object.oid, abbreviatedOid: object.oid.slice(0, 7) });

function blobSource(object: GitObject): Source {
  const isBinary = object.bytes.subarray(0, SNIFFED_BYTES).includes(0);
  return {
    ...base(object, 'Blob'), byteSize: object.bytes.length, isBinary, isTruncated: object.bytes.length > TEXT_BYTES_MAX,
    text: () => (isBinary ? null : object.bytes.subarray(0, TEXT_BYTES_MAX).toString('utf8')),
  };
}

function treeSource(call: Call, repo: LocalRepo, object: GitObject): Source {
  const entries = (): Source[] =>
    parseTree(object.bytes).map((item) => {
      const name = Buffer.from(item.name, 'latin1').toString('utf8');
      const type = item.mode === '40000' ? 'tree' : item.mode === '160000' ? 'commit' : 'blob';
      const size = async (): Promise<number> => (type === 'blob' ? ((await call.world.store(repo.name).read(item.oid))?.bytes.length ?? 0) : 0);
      return { name, path: name, mode: Number.parseInt(item.mode, 8), type, oid: item.oid, size, object: () => objectSource(call, repo, item.oid) };
    });
  return { ...base(object, 'Tree'), entries };
}

function commitSource(call: Call, repo: LocalRepo, object: GitObject): Source {
  const commit = parseCommit(object.bytes);
  const instant = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(/\.\d+Z/, 'Z');
  const signature = (): Source | null => {
    if (commit.signature === null) return null;
    const isValid = call.world.signer.isOurs(commit.payload, commit.signature);
    return { __typename: 'UnknownSignature', isValid, state: isValid ? 'VALID' : 'UNKNOWN_KEY' };
  };
  return {
    ...base(object, 'Commit'), message: commit.message.replace(/\n$/, ''), messageHeadline: commit.message.split('\n')[0], authoredDate: instant(commit.author.seconds), committedDate: instant(commit.committer.seconds),
    url: `${htmlUrl(call.world, repo)}/commit/${object.oid}`, tree: () => objectSource(call, repo, commit.tree), signature,
    statusCheckRollup: () => rollupSource(call, repo, object.oid),
    parents: ({ first }: { first?: number }) => ({ totalCount: commit.parents.length, nodes: () => Promise.all(commit.parents.slice(0, first ?? commit.parents.length).map((oid) => objectSource(call, repo, oid))) }),
  };
}

/** What an object id or revision expression names, ready to be resolved; null when it names nothing. */
export async function objectSource(call: Call, repo: LocalRepo, expression: string): Promise<Source | null> {
  const object = await call.world.store(repo.name).resolve(expression);
  if (object === null || object.type === 'tag') return null;
  if (object.type === 'blob') return blobSource(object);
  return object.type === 'tree' ? treeSource(call, repo, object) : commitSource(call, repo, object);
}

export async function refSource(call: Call, repo: LocalRepo, name: string): Promise<Source | null> {
  const full = name.startsWith('refs/') ? name : name.startsWith('heads/') || name.startsWith('tags/') ? `refs/${name}` : `refs/heads/${name}`;
  const oid = await call.world.store(repo.name).readRef(full);
  if (oid === null) return null;
  const prefix = /^refs\/[^/]+\//.exec(full)?.[0] ?? 'refs/';
  return { id: nodeId('REF', `${repo.name} ${full}`), name: full.slice(prefix.length), prefix, target: () => objectSource(call, repo, oid), rules: (given: ConnectionArguments) => rulesOf(repo, full, given) };
}
