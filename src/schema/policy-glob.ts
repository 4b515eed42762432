import { z } from 'zod';

const GLOB_LENGTH_MAX = 400;
/** A path of 4,096 characters, each of them escaped. */
const LITERAL_LENGTH_MAX = 8_192;
const STARS_MAX = 8;
const STARS_PER_NAME_MAX = 2;
const BRACES_MAX = 4;

/**
 * A glob as picomatch reads it, small enough that matching stays quick: a scope document comes from a model, and many
 * stars in one name make a matcher try every way to share out the letters. One without wildcards names one file, however
 * long its path is.
 */
export const globSchema = z
  .string()
  .min(1, 'a path must not be empty')
  .max(LITERAL_LENGTH_MAX)
  .refine((glob) => !/\p{Cc}/u.test(glob), 'must not hold control characters')
  .refine(isSmall, `has too many wildcards: at most ${STARS_PER_NAME_MAX} stars a name, ${STARS_MAX} stars, ${BRACES_MAX} braces and ${GLOB_LENGTH_MAX} characters in all`);

function isSmall(text: string): boolean {
  // What is escaped is a letter of a name.
  const glob = text.replaceAll(/\\./gs, '_');
  if (!/[*?[\]{}()!+@|]/.test(glob)) return true;
  const starsOf = (text: string): number => text.match(/\*+/g)?.length ?? 0;
  const braces = glob.match(/\{/g)?.length ?? 0;
  return text.length <= GLOB_LENGTH_MAX && starsOf(glob) <= STARS_MAX && braces <= BRACES_MAX && glob.split('/').every((name) => starsOf(name) <= STARS_PER_NAME_MAX);
}
