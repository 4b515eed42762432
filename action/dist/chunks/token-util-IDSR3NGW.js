import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{c as a}from"./chunk-VBBWFFF4.js";import"./chunk-XY7QUVLB.js";export default a();
