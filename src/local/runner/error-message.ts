/** A sentence for whatever was thrown. */
export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : JSON.stringify(error));
