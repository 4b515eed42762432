import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';

// A model behind an OpenAI-compatible address on loopback: it answers by role, from what the prompt shows.

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  response_format: z.object({ json_schema: z.object({ name: z.string() }) }).optional(),
});

export type Role = 'triage' | 'architect' | 'planner' | 'proposer' | 'repairer';

export interface Asked {
  readonly role: Role;
  readonly model: string;
  readonly authorization: string;
  readonly prompt: string;
}

export interface Wire {
  readonly status?: number;
  readonly contentType?: string;
  readonly body: string;
}

/** Gives the text of an answer, or the whole HTTP answer where it is not of the OpenAI format. */
export type Script = (asked: Asked) => string | Wire;

export interface ModelServer {
  /** Up to and including `/v1`. */
  readonly url: string;
  readonly asked: readonly Asked[];
  /** What it answers from now on. */
  script: Script;
  close(): Promise<void>;
}

const ROLES: Readonly<Record<string, Role>> = { decision: 'triage', design: 'architect', plan: 'planner' };

export async function startModelServer(script: Script): Promise<ModelServer> {
  const asked: Asked[] = [];
  const http = createServer((request, response) => {
    void readJson(request).then((body) => {
      const { model, messages, response_format: format } = requestSchema.parse(body);
      const prompt = messages.find(({ role }) => role === 'user')?.content ?? '';
      const role = format === undefined ? (prompt.startsWith('A proposal for ') ? 'repairer' : 'proposer') : ROLES[format.json_schema.name];
      if (request.url !== '/v1/chat/completions' || role === undefined) throw new Error(`unexpected request: ${request.url} ${format?.json_schema.name}`);
      const question: Asked = { role, model, prompt, authorization: request.headers.authorization ?? '' };
      asked.push(question);
      const answer = server.script(question);
      const { status = 200, contentType = 'application/json', body: text } = typeof answer === 'string' ? completion(model, answer) : answer;
      response.writeHead(status, { 'content-type': contentType }).end(text);
    }).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const server: ModelServer = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`,
    asked,
    script,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

const completion = (model: string, content: string): Wire => ({
  body: JSON.stringify({
    id: 'chatcmpl-1', object: 'chat.completion', created: 1, model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  }),
});

/** A file's text as a prompt shows it. */
function shownFile(prompt: string, repo: string, path: string): string {
  const after = prompt.split(`\n--- ${repo} ${path} (bytes 0 to `)[1];
  if (after === undefined) throw new Error(`the prompt does not show ${repo} ${path}`);
  return after.slice(after.indexOf('\n') + 1).split('\n--- ')[0] ?? '';
}

/** A model that does its work: one line of one file of one repository, found in the prompt. */
export function lineChanger({ repo, path, find, replace }: { repo: string; path: string; find: RegExp; replace: (line: string) => string }): Script {
  return ({ role, prompt }) => {
    const line = shownFile(prompt, repo, path).split('\n').find((each) => find.test(each));
    if (line === undefined) throw new Error(`no line of ${path} matches ${find}`);
    if (role === 'proposer' || role === 'repairer') return `Here it is.\n\n\`\`\`search/replace path=${path} repo=${repo} task=T1\n<<<<<<< SEARCH\n${line}\n=======\n${replace(line)}\n>>>>>>> REPLACE\n\`\`\`\n`;
    return JSON.stringify(documentOf(role, { repo, path }));
  };
}

/** What a role answers for one changed line of one file. */
export function documentOf(role: Exclude<Role, 'proposer' | 'repairer'>, { repo, path }: { repo: string; path: string }): object {
  const common = { unknowns: [], assumptions: [], cites: [{ id: 'E1', repo, path, lines: [1, 1] }] };
  if (role === 'triage') {
    return { ...common, verdict: 'GO', reasons: [{ text: `${path} leaves it out.`, evidenceIds: ['E1'] }], risk: 'low', missingContext: [], duplicates: [], deferUntil: null };
  }
  if (role === 'planner') {
    const task = { id: 'T1', title: `Change ${path}`, criteriaIds: ['AC1'], repo, files: [{ path, operation: 'modify' }], dependsOn: [], verification: 'The required checks pass.' };
    return { ...common, tasks: [task], budget: { files: 1, lines: 10 }, rollback: 'Revert the pull request.' };
  }
  const criterion = { id: 'AC1', sentence: 'When a caller reads the table, the system shall say how many tries there are.', given: 'the documentation', when: 'it is read', then: 'it says so', verification: 'The reviewer reads it.' };
  return {
    architecture: { ...common, components: [{ id: 'C1', repo, paths: [path], role: 'documentation' }], interfaces: [], decisions: [], invariants: ['No code changes.'], crossRepoOrder: [repo], risks: [] },
    scope: { ...common, goals: ['The table says how many tries there are.'], nonGoals: ['Other tables'], allowedPaths: [{ repo, paths: [path] }], forbiddenPaths: [], acceptanceCriteria: [criterion] },
  };
}
