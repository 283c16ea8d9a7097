const INDENTS = Array.from({ length: 13 }, (_, depth) => `.d${depth}{padding-left:${depth * 0.9}rem}`).join(
  '',
);

/** All of the report's style. Colour is never the only sign. */
export const STYLE = `
:root{color-scheme:light dark;--text:#1c1c1e;--dim:#5c5c66;--line:#d9d9de;--ground:#fff;--good:#176b3a;--bad:#a3261b;--api:#3565c4;--worker:#8a5a00;--page:#7a3fa0;--other:#5c5c66}
@media(prefers-color-scheme:dark){:root{--text:#ececf0;--dim:#a5a5b0;--line:#3a3a42;--ground:#17171b;--good:#6fcf97;--bad:#ff8f85;--api:#7ea6f4;--worker:#dba54a;--page:#c79bea;--other:#a5a5b0}}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:70rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;border-top:1px solid var(--line);padding-top:1rem}
.dim{color:var(--dim)}.number{font-variant-numeric:tabular-nums}
.checks{list-style:none;padding:0}.checks>li{padding:.2rem 0}
li.pass .sign{color:var(--good)}li.fail .sign,li.error .sign{color:var(--bad)}
.verdict{font-size:.85em;border:1px solid currentColor;border-radius:.3rem;padding:0 .35rem;color:var(--dim)}
summary{cursor:pointer}
dl{display:grid;grid-template-columns:5rem 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
pre{white-space:pre-wrap;border:1px solid var(--line);padding:.6rem}
.trace{margin:1rem 0;overflow-x:auto;font-size:.85rem}
figcaption{font-weight:600;padding-bottom:.3rem}
.row{border-top:1px solid var(--line)}
.row>summary,.mark{display:grid;grid-template-columns:minmax(12rem,2fr) 10rem 6rem 3fr;gap:.5rem;align-items:center;list-style:none}
.mark{grid-template-columns:minmax(28.5rem,2fr) 3fr}
.name{overflow-wrap:anywhere}.time{text-align:right;font-variant-numeric:tabular-nums}
.bars{width:100%;height:16px;display:block}
.missing .name,.seen .name{font-weight:600}.missing{outline:2px dashed var(--bad);outline-offset:-2px}
.api{fill:var(--api)}.worker{fill:var(--worker)}.page{fill:var(--page)}.other{fill:var(--other)}
.bars .error{fill:var(--bad);stroke:var(--text)}.open{fill:none;stroke:var(--bad);stroke-dasharray:4}
.ghost{fill:none;stroke:var(--bad);stroke-width:2;stroke-dasharray:4}.remark{fill:var(--dim)}
table{border-collapse:collapse;margin:.3rem 0 .6rem 1rem}th{text-align:left;font-weight:400;color:var(--dim);padding-right:1rem;vertical-align:top;white-space:pre-wrap}
td{overflow-wrap:anywhere}.result td,.result th{border:1px solid var(--line);padding:.1rem .5rem}
${INDENTS}
`;
