import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{b as a,c as b,d as c}from"./chunk-PS7KILCT.js";import"./chunk-O5DVVPDB.js";export{b as REDACTION_MARK,c as redact,a as redactSecrets};
