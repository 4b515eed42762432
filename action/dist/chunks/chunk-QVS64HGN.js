import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
var s=n=>/(?<!\r)\n/.test(n)?n:n.replaceAll(`\r
`,`
`);var c="<!-- countersign:begin",r="<!-- countersign:end -->";function g(n){let t=n.indexOf(c),i=t<0?-1:n.indexOf(r,t);return i<0?o(n):o(n.slice(0,t)+n.slice(i+r.length))}function f(n,t,i){let e=g(n);return`${e===""?"":`${e}

`}${c} ${t} -->
${i.trim()}
${r}
`}var w=n=>/<!-- countersign:begin (wf-\d{8}-[0-9a-z]{6}) -->/.exec(n)?.[1]??null,o=n=>s(n.trimEnd());export{g as a,f as b,w as c};
