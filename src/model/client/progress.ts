import type { Clock } from '../../ports/clock.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from '../../ports/model-client.ts';
import type { Traffic } from './capped-fetch.ts';

/** How often a call that takes long says that it is alive, in milliseconds. */
const HEARTBEAT_MS = 15_000;

/** No text is that easy to read. A local server cuts what its context length cannot hold, without a word. */
const CHARACTERS_PER_TOKEN_MAX = 12;

export interface Progress {
  readonly log: (line: string) => void;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** What has arrived of the answer under way. */
  readonly traffic?: Readonly<Traffic>;
}

/** Says in the job's log what is asked, that it still waits, and what came of it. Never a word of the prompt or of the answer. */
export function withProgress(client: ModelClient, { log, clock, traffic }: Progress): ModelClient {
  return {
    name: client.name,
    async generate(request): Promise<ModelAnswer> {
      const started = clock.monotonicMs();
      log(`model     ${request.role} asks ${client.name}: ${size(request)} characters, at most ${request.maxOutputTokens} tokens back`);
      const call = client.generate(request);
      // The last wait is given up with the call: it must not hold the job.
      const over = new AbortController();
      const done = call.then(() => true, () => true).finally(() => over.abort());
      while (!(await Promise.race([done, clock.sleep(HEARTBEAT_MS, over.signal).then(() => over.signal.aborted)]))) log(`model     ${request.role} still waits for ${client.name}: ${seconds(clock.monotonicMs() - started)}${arrived(traffic)}`);
      const answer = await call;
      log(`model     ${request.role} ${said(answer)}`);
      if (answer.usage.tokensIn !== null && answer.usage.tokensIn > 0 && answer.usage.tokensIn * CHARACTERS_PER_TOKEN_MAX < size(request)) log(`model     ${request.role}: ${client.name} counted ${answer.usage.tokensIn} tokens for ${size(request)} characters: it seems to have cut the prompt; give it a longer context, or lower context.budgetBytes`);
      return answer;
    },
  };
}

const size = ({ system, prompt }: ModelRequest): number => system.length + prompt.length;
const arrived = (traffic?: Readonly<Traffic>): string => (traffic && traffic.receivedBytes > 0 ? `, ${Math.ceil(traffic.receivedBytes / 1024)} KiB of the answer so far` : '');
const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;

function said(answer: ModelAnswer): string {
  const { durationMs, usage: { tokensIn, tokensOut, costMicroUsd } } = answer;
  const cost = costMicroUsd === null ? 'cost unknown' : `$${(costMicroUsd / 1_000_000).toFixed(4)}`;
  const used = `${tokensIn ?? '?'} tokens in, ${tokensOut ?? '?'} out, ${cost}, ${seconds(durationMs)}`;
  return answer.kind === 'failed' ? `got no usable answer (${answer.failure}: ${answer.reason}); ${used}` : `answered: ${used}`;
}
