import type { Evidence, EvidenceSpan, UnendedSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { urlOf } from '../../joins/index.ts';
import { counted } from '../../sentences.ts';
import { sentToNoPath } from '../sdk/export.ts';

/** Why spans of the page did not reach the collector; null when all of them arrived. */
export function diagnosePageExport(evidence: Evidence, spans: readonly EvidenceSpan[]): Finding | null {
  const { page } = evidence;
  const lost = spans.filter((span) => !span.origin.received);
  if (!page || (spans.length > 0 && lost.length === 0)) return null;
  const saw = `the page made ${counted(spans.length, 'span')}, and the collector got ${spans.length - lost.length} of them.`;
  const base = {
    wanted: `all ${spans.length} spans of the page at the collector that config.json names.`,
    seen: [{ kind: 'exporters', text: page.telemetry.exporters.join(', ') || 'none' }],
  };
  const tried = page.failedRequests.filter((request) => request.method !== 'GET');
  const complaints = page.console.filter((line) => /CORS|Failed to load|ERR_/.test(line)).slice(0, 3);
  const elsewhere = [...page.telemetry.exporters, ...tried.map(({ url }) => url)].find(
    (url) => isAddress(url) && originOf(url, page.url) !== originOf(page.collectorUrl, page.url),
  );
  if (elsewhere) {
    return {
      ...base,
      reason: 'exported-elsewhere',
      saw: `${saw} The exporter sends to ${originOf(elsewhere, page.url)}. config.json says ${page.collectorUrl}.`,
      look: 'the address that you give to the exporter: where does it come from?',
    };
  }
  const bad = evidence.wire.find(({ path, status }) => status === 404 || !/^\/v1\//.test(path));
  if (bad) return { ...base, ...sentToNoPath(saw, bad.path) };
  const refused = evidence.wire.find(({ status }) => status >= 400);
  const blocked = tried.find(({ url }) => originOf(url, page.url) === originOf(page.collectorUrl, page.url));
  if (refused || blocked) {
    return {
      ...base,
      reason: 'export-refused',
      saw: `${saw} ${refused ? `The collector answered ${refused.status} to ${refused.path}${refused.error ? `: ${refused.error}` : '.'}` : `The browser did not let the page read the collector's answer: ${blocked?.error}.`}`,
      look: "the exporter's options: what does it send, and may a page of another origin send that?",
      output: complaints.map((line) => line.slice(0, 76)),
    };
  }
  return {
    ...base,
    reason: 'never-exported',
    saw: `${saw} ${page.telemetry.exporters.length === 0 ? 'There is no exporter for OTLP in the page.' : 'Its exporter sent nothing.'}`,
    look: 'where do the spans go when they have ended? Which part of the set-up takes them there?',
  };
}

/** Whether a span of the page stands for a request to the collector. */
export function isOfExporter(evidence: Evidence, span: EvidenceSpan | UnendedSpan): boolean {
  const collector = evidence.page?.collectorUrl;
  return span.kind === 'CLIENT' && collector !== undefined && (urlOf(span)?.startsWith(collector) ?? false);
}

/** Spans of the exporter's own requests, ended or still open; null without any. */
export function diagnoseTracedExports(spans: readonly (EvidenceSpan | UnendedSpan)[]): Finding | null {
  const [first] = spans;
  if (!first) return null;
  return {
    reason: 'exporter-traced-itself',
    saw: `${counted(spans.length, 'span')} of the page ${spans.length === 1 ? 'stands' : 'stand'} for requests to the collector. Each export makes a span, which makes an export.`,
    wanted: 'no spans for the requests of the exporter.',
    look: 'what sends the spans, and which instrumentation sees that? It can be told to leave addresses out.',
    marks: [markOn(first, 'THE EXPORTER ITSELF')],
    seen: [{ kind: 'span', text: `${first.name} ${urlOf(first)}`, spanId: first.spanId }],
  };
}

/** Other texts of a provider are called "url", too. */
function isAddress(text: string): boolean {
  return /^(?:https?:\/\/|\/)/.test(text);
}

function originOf(url: string, base: string): string {
  try {
    return new URL(url, base).origin;
  } catch {
    return url;
  }
}
