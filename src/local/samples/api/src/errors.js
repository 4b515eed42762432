/** The service answered, but not with success. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** The service asks for patience (HTTP 429). */
export class RateLimitError extends ApiError {
  constructor(message) {
    super(429, message);
    this.name = 'RateLimitError';
  }
}
