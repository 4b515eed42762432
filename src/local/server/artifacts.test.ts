import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleRun, startTestServer } from './test-server.ts';
import type { TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  expect(server.services.violations).toEqual([]);
  await server.close();
});

const run = promisify(execFile);
/** Runs GitHub's own artifact client in a process of its own, as a job does. */
async function artifactClient(runtimeToken: string, cwd: string, script: string): Promise<string> {
  const program = `import { DefaultArtifactClient } from '@actions/artifact'; const client = new DefaultArtifactClient(); ${script}`;
  const env = { PATH: process.env['PATH'] ?? '', ACTIONS_RUNTIME_TOKEN: runtimeToken, ACTIONS_RESULTS_URL: server.services.url.results, GITHUB_SERVER_URL: server.services.url.server, GITHUB_WORKSPACE: cwd, WORK: cwd };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { env, cwd: process.cwd() });
  return stdout;
}
const tokens = (runId: number): string => server.services.issueJobToken({ repo: 'local/api', runId, jobId: server.services.nextId(), workflowFile: 'start.yml', jobKey: 'design', permissions: {} }).runtimeToken;

test('the real client uploads, another job of the run downloads, another run finds nothing', async () => {
  const cwd = path.join(server.dir, 'job');
  mkdirSync(cwd);
  const content = Buffer.alloc(300_000, 'design ').toString();
  writeFileSync(path.join(cwd, 'design.json'), content);
  server.state.runs.push({ ...sampleRun(501, { repo: 'local/api', workflowFile: 'start.yml', inputs: {}, actor: 'octocat' }) });
  await artifactClient(tokens(501), cwd, `await client.uploadArtifact('design', [process.env.WORK + '/design.json'], process.env.WORK);`);
  const script = `const { artifact } = await client.getArtifact('design'); const done = await client.downloadArtifact(artifact.id, { path: process.env.WORK + '/down', expectedHash: artifact.digest }); if (done.digestMismatch) throw new Error('digest');`;
  await artifactClient(tokens(501), cwd, script);
  expect(readFileSync(path.join(cwd, 'down/design.json'), 'utf8')).toBe(content);
  await expect(artifactClient(tokens(502), cwd, `await client.getArtifact('design');`)).rejects.toThrow(/not found/i);
  const listed = await server.api('/repos/local/api/actions/runs/501/artifacts');
  expect(listed.body.artifacts).toMatchObject([{ name: 'design', expired: false }]);
  await artifactClient(tokens(501), cwd, `await client.deleteArtifact('design');`);
  expect((await server.api('/repos/local/api/actions/runs/501/artifacts')).body.total_count).toBe(0);
});

test('a runtime token does not reach another run, and signatures are not guessed', async () => {
  const twirp = `${server.services.url.results}twirp/github.actions.results.api.v1.ArtifactService/CreateArtifact`;
  const body = { workflow_run_backend_id: '501', workflow_job_run_backend_id: '1', name: 'x', version: 4 };
  expect((await server.api(twirp, { method: 'POST', token: tokens(777), body })).status).toBe(403);
  expect((await server.api(twirp, { method: 'POST', token: server.personal, body })).status).toBe(401);
  const created = await server.api(twirp, { method: 'POST', token: tokens(501), body });
  const upload = new URL(created.body.signed_upload_url);
  upload.searchParams.set('sig', '0'.repeat(64));
  expect((await fetch(upload, { method: 'PUT', body: 'x' })).status).toBe(403);
  expect(JSON.stringify(server.log())).not.toContain('0'.repeat(64));
});
