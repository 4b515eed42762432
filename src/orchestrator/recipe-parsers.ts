import { extractUnifiedDiffs } from '../change-set/extract-diffs.ts';
import { parseDiff } from '../change-set/parse-diff.ts';
import { parseEditBlocks } from '../change-set/parse-edit-blocks.ts';
import type { RecipeParsers } from '../model/recipe/parsers.ts';

/** The very parsers that apply a proposal also read it for the recipe runner's design: one grammar, not two. */
export const recipeParsers: RecipeParsers = { parseEditBlocks, extractUnifiedDiffs, parseDiff };
