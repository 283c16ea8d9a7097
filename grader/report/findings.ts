import { labelled, paint, type Screen } from '@workshop/base/terminal';
import type { Finding } from '../workshop/index.ts';

/** One thing that `npm run doctor` looked at. */
export function findingLines({ what, state, text, advice }: Finding, screen: Screen): string[] {
  const { green, yellow, red } = paint(screen);
  const colour = { ok: green, warning: yellow, missing: red }[state];
  const label = `${state.padEnd(8)} ${what.padEnd(12)} `;
  const [first = '', ...rest] = labelled(label, text, screen);
  return [
    first.replace(state, colour(state)),
    ...rest,
    ...(advice ? labelled(' '.repeat(label.length), `To do: ${advice}`, screen) : []),
  ];
}

/** What all of it comes to, in one or two sentences. */
export function findingsSummary(findings: readonly Finding[]): string {
  const missing = findings.filter(({ state }) => state === 'missing').length;
  if (missing > 0) return `Missing: ${missing}. Do what stands there, and run npm run doctor again.`;
  return findings.some(({ state }) => state === 'warning')
    ? 'The workshop runs here. Read the warnings once.'
    : 'Everything is there.';
}
