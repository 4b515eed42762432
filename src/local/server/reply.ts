/** What a handler answers. `body` is sent as JSON; `raw` as it stands. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly raw?: { readonly type: string; readonly bytes: Uint8Array | string };
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = (body: unknown, status = 200): Reply => ({ status, body });
export const noContent = (): Reply => ({ status: 204 });

const DOCS = 'https://docs.github.com/rest';

/** An answer that says no, in GitHub's own words. Thrown by handlers, sent by the server. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(status: number, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'Refusal';
    this.reply = { status, body: { message, ...extra, documentation_url: DOCS, status: String(status) } };
  }
}

export const notFound = (): Refusal => new Refusal(404, 'Not Found');
/** 422 with `errors[]`: `code` is one of missing, missing_field, invalid, already_exists, unprocessable, custom. */
export const invalid = (message: string, errors?: readonly Readonly<Record<string, unknown>>[]): Refusal =>
  new Refusal(422, message, errors === undefined ? {} : { errors });
export const validationFailed = (resource: string, field: string, message: string): Refusal =>
  invalid('Validation Failed', [{ resource, code: 'custom', field, message }]);
