import { createHash } from 'node:crypto';
import type { JsonReport } from '../json.ts';
import type { ReportedCheck, ReportedExercise } from '../shapes.ts';
import { html, Markup } from './markup.ts';
import { STYLE } from './style.ts';
import { waterfall } from './waterfall.ts';

const WORD = {
  pass: 'passes',
  fail: 'fails',
  blocked: 'waits',
  error: "the grader's own trouble",
  skipped: 'skipped',
} as const;

/**
 * A report as one HTML file: it loads nothing, runs no script and says so in its policy, so that it may be sent to
 * anybody. It shows the same as the JSON report.
 */
export function htmlReport(report: JsonReport): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const passed = report.exercises.filter(({ verdict }) => verdict === 'pass').length;
  const heading = `${passed} of ${report.exercises.length} exercises pass`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${heading}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
<p class="dim">${report.tree}, seed ${report.seed}, ${Math.round(report.ms / 100) / 10} s</p>
${report.exercises.map(exerciseSection)}
</main>
</body>
</html>
`.text;
}

function exerciseSection(exercise: ReportedExercise): Markup {
  const { id, verdict, checks, trouble, shown, traces } = exercise;
  const right = checks.filter((check) => check.verdict === 'pass').length;
  const first = checks.find((check) => check.verdict === 'fail');
  const trace = traces.find(({ traceId }) => traceId === shown?.traceId) ?? null;
  return html`<section class="${verdict}">
<h2>${id} <span class="verdict">${WORD[verdict]}</span> <span class="dim">${right} of ${checks.length} checks</span></h2>
${trouble !== null && troubleBlock(trouble)}
<ol class="checks">${checks.map((check) => checkItem(check, exercise, check === first))}</ol>
${shown && trace && html`<details><summary>A trace of this run</summary>${waterfall(shown, trace)}</details>`}
</section>
`;
}

/** The first failure is open: a tired reader mends one thing at a time. */
function checkItem(check: ReportedCheck, exercise: ReportedExercise, isOpen: boolean): Markup {
  const { number, title, verdict, failure, blockedBy, message } = check;
  const line = html`<span class="sign">${SIGN[verdict]}</span> <span class="number">${number}</span> ${title} <span class="verdict">${WORD[verdict]}</span>`;
  if (failure === null) {
    const waits = blockedBy
      .map((id) => exercise.checks.find((one) => one.id === id)?.number ?? id)
      .join(', ');
    return html`<li class="${verdict}">${line}${waits !== '' && html` <span class="dim">for ${waits}</span>`}${verdict === 'error' && troubleBlock(message)}</li>
`;
  }
  return html`<li class="${verdict}"><details${new Markup(isOpen ? ' open' : '')}><summary>${line}</summary>
<p>${failure.summary}</p>
<dl>
<dt>Saw</dt><dd>${failure.saw}</dd>
<dt>Wanted</dt><dd>${failure.wanted}</dd>
${failure.cause !== null && html`<dt>Cause</dt><dd>${failure.cause}</dd>`}
<dt>Look</dt><dd>${failure.look}</dd>
</dl>
${failure.output.length > 0 && html`<pre>${failure.output.join('\n')}</pre>`}
${failure.tables.map(
  ({ title: caption, columns, rows }) => html`<table class="result"><caption>${caption}</caption>
<tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr>
${rows.map(
  (row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
)}</table>`,
)}
${check.views.map((view) => {
  const trace = exercise.traces.find(({ traceId }) => traceId === view.traceId);
  return trace ? waterfall(view, trace) : null;
})}
<p class="dim">Reason ${check.reason}</p>
</details></li>
`;
}

function troubleBlock(text: string): Markup {
  return html`<p>The grader itself had trouble here. It says nothing about the code.</p><pre>${text}</pre>`;
}

const SIGN = { pass: '✓', fail: '✗', blocked: '…', error: '!' } as const;
