import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{a,b,c,d,e}from"./chunk-AMXCKTIT.js";import"./chunk-O5DVVPDB.js";export{b as TomlDate,a as TomlError,e as default,c as parse,d as stringify};
