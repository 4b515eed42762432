import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
var n=({serverUrl:r,controlRepo:o},e)=>`${r}/${o}/actions/runs/${e}`,t=({serverUrl:r,controlRepo:o})=>`${r}/${o}/tree/ledger`,i=({siteUrl:r},o)=>r===null?null:`${r.replace(/\/$/,"")}/w/${o}/`;export{n as a,t as b,i as c};
