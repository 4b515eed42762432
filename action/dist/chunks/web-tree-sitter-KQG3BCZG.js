import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{a,b,c,d,e,f,g,h,i,j,k}from"./chunk-SZ2JRVPW.js";import"./chunk-O5DVVPDB.js";export{j as CaptureQuantifier,a as Edit,g as LANGUAGE_VERSION,f as Language,b as LookaheadIterator,h as MIN_COMPATIBLE_VERSION,e as Node,i as Parser,k as Query,c as Tree,d as TreeCursor};
