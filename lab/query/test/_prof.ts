import { openQueryEngine } from '../index.ts';
import { Oracle } from './oracle.ts';
import { Random, randomQuery, randomSpans } from './random-data.ts';
const random = new Random(1); const now=1_795_000_000_000;
const spans = randomSpans(random, 250, now, true);
let t=performance.now(); const engine = await openQueryEngine(spans); console.log('open', performance.now()-t);
const oracle = new Oracle(spans); let e=0,o=0, worst=[0,0] as number[], wq:any;
for (let i=0;i<150;i++){ const q=randomQuery(random,now); t=performance.now(); const r= await engine.run(q,{now}); const d=performance.now()-t; e+=d; if (d>worst[0]!) {worst=[d, r.data.series.length]; wq=q;} t=performance.now(); oracle.answer(q,now); o+=performance.now()-t; }
console.log('engine',e/150,'oracle',o/150, worst, JSON.stringify(wq));
