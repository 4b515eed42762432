import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import{a}from"./chunk-AXE5QKI4.js";import"./chunk-XY7QUVLB.js";export default a();
