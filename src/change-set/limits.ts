/** Caps on what a proposal may hold. Past one of them it is refused as a whole: nothing is ever cut silently. */
export const MAX_PROPOSAL_BYTES = 64 * 1024 * 1024;
export const MAX_FILES = 50_000;
export const MAX_HUNKS = 200_000;
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Linux opens no file by a longer path (PATH_MAX is 4,096 with its NUL), and no file system has longer names. */
export const MAX_PATH_BYTES = 4_095;
export const MAX_NAME_BYTES = 255;
export const MAX_PATH_DEPTH = 128;
/** All content that a proposal makes, and all that its binary hunks inflate to. */
export const MAX_RESULT_BYTES = 512 * 1024 * 1024;
/** Directories that a proposal touches. */
export const MAX_DIRECTORIES = 200_000;
/** Line comparisons that finding the search texts of one file may take. */
export const MAX_COMPARISONS = 100_000_000;
/** Largest content that one file may have before or after the change. */
export const MAX_FILE_BYTES = 128 * 1024 * 1024;
/** Edit blocks in one text. */
export const MAX_EDITS = 50_000;
