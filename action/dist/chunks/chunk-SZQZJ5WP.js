import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
var n=({serverUrl:o,controlRepo:e},r)=>`${o}/${e}/actions/runs/${r}`;var t=({serverUrl:o,controlRepo:e})=>`${o}/${e}/tree/ledger`,i=({siteUrl:o},e)=>o===null?null:`${o.replace(/\/$/,"")}/w/${e}/`;export{n as a,t as b,i as c};
