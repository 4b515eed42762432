// Who sits at the browser. There is no sign-in: everyone who reaches loopback is the local person, who chooses as whom to act.
// The cookie and its token only keep other sites' pages from acting in that person's name.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../server/reply.ts';

const COOKIE = 'local_github_session';
const secret = randomBytes(32);

export interface Session {
  readonly id: string;
  /** Goes into every form as `csrf`. */
  readonly csrf: string;
  /** A `set-cookie` header when the browser has none yet. */
  readonly setCookie: string | null;
}

const tokenOf = (id: string): string => createHmac('sha256', secret).update(id).digest('hex');

export function openSession(cookies: string): Session {
  const known = new RegExp(`(?:^|; )${COOKIE}=([0-9a-f]{32})(?:;|$)`).exec(cookies)?.[1];
  const id = known ?? randomBytes(16).toString('hex');
  return { id, csrf: tokenOf(id), setCookie: known === undefined ? `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Strict` : null };
}

/** Throws 403 unless the form came from a page of this server in this browser. */
export function assertSameSite(session: Session, form: { csrf: string | null; origin: string | null; own: readonly string[] }): void {
  const [given, wanted] = [Buffer.from(form.csrf ?? ''), Buffer.from(session.csrf)];
  const matches = given.length === wanted.length && timingSafeEqual(given, wanted);
  const foreign = form.origin !== null && !form.own.includes(form.origin);
  if (session.setCookie !== null || !matches || foreign) throw new Refusal(403, 'This form is out of date or came from another site. Reload the page and try again.');
}
