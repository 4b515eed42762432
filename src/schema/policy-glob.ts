import { z } from 'zod';

const GLOB_LENGTH_MAX = 400;
const STARS_MAX = 8;
const STARS_PER_NAME_MAX = 2;
const BRACES_MAX = 4;

/**
 * A glob as picomatch reads it, small enough that matching stays quick: a scope document comes from a model, and many
 * stars in one name make a matcher try every way to share out the letters.
 */
export const globSchema = z
  .string()
  .min(1, 'a path must not be empty')
  .max(GLOB_LENGTH_MAX)
  .refine((glob) => !/\p{Cc}/u.test(glob), 'must not hold control characters')
  .refine(isSmall, `has too many wildcards: at most ${STARS_PER_NAME_MAX} stars a name, ${STARS_MAX} stars and ${BRACES_MAX} braces in all`);

function isSmall(glob: string): boolean {
  const starsOf = (text: string): number => text.match(/\*+/g)?.length ?? 0;
  const braces = glob.match(/\{/g)?.length ?? 0;
  return starsOf(glob) <= STARS_MAX && braces <= BRACES_MAX && glob.split('/').every((name) => starsOf(name) <= STARS_PER_NAME_MAX);
}
