/** What a person reads when the service did not answer. */
export function notice(error) {
  if (error.status === 429) return 'The weather service is busy. Please try again later.';
  return 'The weather service cannot be reached right now.';
}
