import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { plainTable } from '@workshop/base/tables';
import { encodeTraceRequest } from '@workshop/telemetry';
import { startLabProcess } from './lab-process.ts';
import { FORMS } from './query-forms/index.ts';
import { OUTCOMES, type Outcome, outcomeOf, RIGHT_OUTCOMES } from './query-forms/outcome.ts';
import { sampleSpans } from './sample-spans.ts';

test('every form of a query that others write for Honeycomb is answered or refused as there', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'lab-forms-'));
  const lab = await startLabProcess(dir);
  try {
    const spans = sampleSpans({ requests: 60, endMs: Date.now() });
    const sent = await fetch(`${lab.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: encodeTraceRequest(spans, 'protobuf'),
    });
    assert.equal(sent.status, 200);
    const wrong: string[] = [];
    const counts = new Map<string, Map<Outcome, number>>();
    for (const [about, forms] of Object.entries(FORMS)) {
      const byOutcome = new Map<Outcome, number>();
      counts.set(about, byOutcome);
      for (const form of forms) {
        const { outcome, said } = await outcomeOf(lab.apiUrl, form);
        byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0) + 1);
        if (!RIGHT_OUTCOMES.includes(outcome))
          wrong.push(
            `${outcome}: ${about}, ${form.name} (${form.seen})\n  ${JSON.stringify(form.query)}\n  ${said}`,
          );
      }
    }
    t.diagnostic(`\n${tableOf(counts)}`);
    assert.deepEqual(wrong, []);
  } finally {
    await lab.kill();
    rmSync(dir, { recursive: true, force: true });
  }
});

function tableOf(counts: ReadonlyMap<string, ReadonlyMap<Outcome, number>>): string {
  const about = [...counts.keys()];
  const sum = (outcome: Outcome): number =>
    [...counts.values()].reduce((total, of) => total + (of.get(outcome) ?? 0), 0);
  const rows = OUTCOMES.map((outcome) => [outcome, String(sum(outcome))]);
  const byTopic = about.map((topic) => {
    const forms = [...(counts.get(topic)?.values() ?? [])].reduce((total, count) => total + count, 0);
    return [topic, String(forms)];
  });
  const all = OUTCOMES.reduce((total, outcome) => total + sum(outcome), 0);
  const right = { right: ['forms'] };
  return `${plainTable(['outcome', 'forms'], [...rows, ['all', String(all)]], right)}\n\n${plainTable(['about', 'forms'], byTopic, right)}`;
}
