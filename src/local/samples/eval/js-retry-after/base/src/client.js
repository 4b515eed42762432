import { delayOf } from './delay.js';

/** Asks until the service stops answering 429, at most `tries` times. */
export async function ask(send, wait, tries = 3) {
  for (let left = tries; ; left--) {
    const answer = await send();
    if (answer.status !== 429 || left <= 1) return answer;
    await wait(delayOf(answer.headers));
  }
}
