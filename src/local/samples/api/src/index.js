export { createClient } from './client.js';
export { ApiError, RateLimitError } from './errors.js';
