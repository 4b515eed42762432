// What tests get as `fast-check` (vitest.config.ts): the package, with the run's seed.
import fc from '../../node_modules/fast-check/lib/fast-check.js';
import { seed } from './seed.ts';

fc.configureGlobal({ seed });
export * from '../../node_modules/fast-check/lib/fast-check.js';
// oxlint-disable-next-line import/no-default-export -- fast-check is imported by its default export
export default fc;
