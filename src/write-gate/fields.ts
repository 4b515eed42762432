import { z } from 'zod';

import { isOid } from '../domain/ids.ts';

export const oidSchema = z.string().refine(isOid, 'expected 40 hex digits');
