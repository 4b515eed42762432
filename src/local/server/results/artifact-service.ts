// GitHub's results service as @actions/artifact 6 speaks to it: Twirp with JSON bodies, 64-bit numbers as text.
import { z } from 'zod';
import type { World } from '../world.ts';
import type { Artifact, ArtifactStore } from './artifact-store.ts';
import type { BlobService } from './blobs.ts';
import type { Reply } from '../reply.ts';

export const ARTIFACT_SERVICE = '/twirp/github.actions.results.api.v1.ArtifactService/';

/** The wire takes both spellings of protobuf's JSON form; the client sends the second. */
const both = (body: unknown): unknown => (typeof body !== 'object' || body === null ? body : Object.fromEntries(Object.entries(body).map(([key, value]) => [key.replaceAll(/([A-Z])/g, (letter) => `_${letter.toLowerCase()}`), value])));
const ids = { workflow_run_backend_id: z.string(), workflow_job_run_backend_id: z.string() };
const named = z.looseObject({ ...ids, name: z.string().min(1).max(256) });
const wrapped = z.union([z.string(), z.object({ value: z.string() }).transform((value) => value.value)]);
const created = z.looseObject({ ...ids, name: z.string().min(1).max(256), version: z.number().optional(), mime_type: wrapped.nullish() });
const listed = z.looseObject({ ...ids, name_filter: wrapped.nullish(), id_filter: wrapped.nullish() });

const twirp = (status: number, code: string, msg: string): Reply => ({ status, body: { code, msg } });

export interface ResultsCall {
  readonly world: World;
  readonly method: string;
  readonly body: unknown;
  readonly scope: { readonly runId: number; readonly jobId: number };
  readonly artifacts: ArtifactStore;
  readonly blobs: BlobService;
}

/** Answers one call. A runtime token reaches the artifacts of its own run and no others. */
export function callArtifactService(call: ResultsCall): Reply {
  const body = both(call.body);
  const claimed = z.looseObject(ids).safeParse(body);
  if (!claimed.success) return twirp(400, 'malformed', 'workflow_run_backend_id and workflow_job_run_backend_id are needed');
  if (claimed.data.workflow_run_backend_id !== String(call.scope.runId)) return twirp(403, 'permission_denied', 'the token is for another run');
  try {
    if (call.method === 'CreateArtifact') return create(call, created.parse(body));
    if (call.method === 'ListArtifacts') return list(call, listed.parse(body));
    const artifact = call.artifacts.find(call.scope.runId, named.parse(body).name);
    if (artifact === null) return twirp(404, 'not_found', 'the artifact does not exist');
    return onArtifact(call, artifact);
  } catch (error) {
    if (error instanceof z.ZodError) return twirp(400, 'malformed', z.prettifyError(error));
    throw error;
  }
}

function create(call: ResultsCall, input: z.infer<typeof created>): Reply {
  const { runId, jobId } = call.scope;
  if (call.artifacts.find(runId, input.name) !== null) return twirp(409, 'already_exists', 'an artifact with this name already exists on the workflow run');
  const artifact = call.artifacts.create({ id: call.world.services.nextId(), runId, jobId, name: input.name, createdAt: call.world.services.now() });
  call.world.services.changed();
  return { status: 200, body: { ok: true, signed_upload_url: call.blobs.signedUrl(artifact, 'w') } };
}

function list(call: ResultsCall, input: z.infer<typeof listed>): Reply {
  const found = call.artifacts.list(call.scope.runId).filter((artifact) => artifact.finalized && (input.name_filter ?? artifact.name) === artifact.name && (input.id_filter ?? String(artifact.id)) === String(artifact.id));
  const artifacts = found.map((artifact) => ({
    workflow_run_backend_id: String(artifact.runId), workflow_job_run_backend_id: String(artifact.jobId), database_id: String(artifact.id), name: artifact.name, size: String(artifact.size), created_at: artifact.createdAt, digest: artifact.digest,
  }));
  return { status: 200, body: { artifacts } };
}

function onArtifact(call: ResultsCall, artifact: Artifact): Reply {
  switch (call.method) {
    case 'FinalizeArtifact':
      return { status: 200, body: { ok: true, artifact_id: String(call.artifacts.finalize(artifact).id) } };
    case 'GetSignedArtifactURL':
      return artifact.finalized ? { status: 200, body: { signed_url: call.blobs.signedUrl(artifact, 'r') } } : twirp(404, 'not_found', 'the artifact is not finished');
    case 'DeleteArtifact':
      call.artifacts.remove(artifact);
      return { status: 200, body: { ok: true, artifact_id: String(artifact.id) } };
    default:
      call.world.services.violations.push(`results: ${call.method} is not served`);
      return twirp(501, 'unimplemented', `The local GitHub does not serve ${call.method}.`);
  }
}
