import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
var c="<!-- countersign:begin",r="<!-- countersign:end -->";function o(n){let t=n.indexOf(c),i=t<0?-1:n.indexOf(r,t);return i<0?s(n):s(n.slice(0,t)+n.slice(i+r.length))}function g(n,t,i){let e=o(n);return`${e===""?"":`${e}

`}${c} ${t} -->
${i.trim()}
${r}
`}var l=n=>/<!-- countersign:begin (wf-\d{8}-[0-9a-z]{6}) -->/.exec(n)?.[1]??null,s=n=>n.replaceAll(`\r
`,`
`).trimEnd();export{o as a,g as b,l as c};
