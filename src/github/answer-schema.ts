import { z } from 'zod';

import { isOid, isRepoName } from '../domain/ids.ts';

export const oidSchema = z.string().refine(isOid, 'expected 40 hex digits');
export const repoNameSchema = z.string().refine(isRepoName, 'expected OWNER/NAME');

/** An object that an inline fragment did not match comes as `{}`: that is none of this kind. */
export const orOther = <S extends z.ZodType>(schema: S) => z.union([schema, z.object({}).transform(() => null)]).nullable();
