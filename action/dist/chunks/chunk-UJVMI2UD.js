import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
var t=class{constructor(){(()=>{throw new Error("experimental-extraction is left out of the action's bundle (scripts/build-action/left-out.ts), and yet it was called.")})()}};export{t as a};
