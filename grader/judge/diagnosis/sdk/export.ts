import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { captureOf, processOf } from '../../joins/index.ts';
import { relevantLines } from '../program/output.ts';
import { nameOf } from '../program/startup.ts';
import { diagnoseIgnoredProvider } from './providers.ts';

/** Why captured spans did not reach the collector; null when all of them arrived. */
export function diagnoseExport(evidence: Evidence, spans: readonly EvidenceSpan[]): Finding | null {
  // A span was seen inside the process, at the collector, or by both.
  const lost = spans.filter((span) => !span.origin.received);
  if (spans.length > 0 && lost.length === 0) return null;
  const accepted = evidence.wire.filter((request) => request.status === 200 && request.spanIds.length > 0);
  const refused = evidence.wire.filter((request) => request.status >= 400);
  const capture = captureOf(evidence, spans[0]?.origin.process);
  const exporters = capture?.exporters ?? [];
  const wanted = `all ${spans.length} spans at the collector that OTEL_EXPORTER_OTLP_ENDPOINT names.`;
  const process = processOf(evidence, spans[0]?.origin.process);
  const saw = `${nameOf({ name: process?.name ?? 'api' })} made ${spans.length} spans, and the collector got ${spans.length - lost.length} of them.`;
  const base = {
    wanted,
    marks: lost.slice(0, 1).map((span) => markOn(span, 'NOT AT THE COLLECTOR')),
    seen: [{ kind: 'wire', text: `${evidence.wire.length} requests, ${accepted.length} accepted` }],
  };

  const ignored = diagnoseIgnoredProvider(evidence, spans[0]);
  if (ignored) return { ...base, ...ignored, saw };
  const badPath = refused.find((request) => request.status === 404);
  if (badPath) return { ...base, ...sentToNoPath(saw, badPath.path) };
  if (refused[0]) {
    return {
      ...base,
      reason: 'export-refused',
      saw: `${saw} It answered ${refused[0].status} to ${refused[0].path}${refused[0].error ? `: ${refused[0].error}` : '.'}`,
      look: 'the exporter, and the type of content that it sends.',
    };
  }
  const elsewhere = exporters.filter(
    (exporter) => exporter.url !== undefined && !isCollector(exporter.url, evidence.collectorUrl),
  );
  if (elsewhere.length > 0 && accepted.length === 0) {
    return {
      ...base,
      reason: 'exported-elsewhere',
      saw: `${saw} They went to ${elsewhere.map((exporter) => exporter.url).join(', ')}.`,
      look: 'the address that you give to the exporter. Who should decide it: the code, or the place where it runs?',
    };
  }
  const crash = /OTLPExporterError|ExporterError|exporter.*fail/i.test(
    `${capture?.diagMessages.join('\n')}\n${process?.output}`,
  );
  if (crash) {
    return {
      ...base,
      reason: 'export-crashed',
      saw: `${saw} The exporter reported an error while it sent.`,
      look: "the exporter. Your program's own words are below.",
      output: relevantLines(`${process?.output}\n${capture?.diagMessages.join('\n')}`, 4),
    };
  }
  if (lost.length < spans.length) {
    return {
      ...base,
      reason: 'never-exported',
      saw: `${saw} The first that is missing is "${lost[0]?.name}".`,
      look: 'what stands between the spans and the exporter: does something drop some of them?',
    };
  }
  if (exporters.some((exporter) => /OTLP/.test(exporter.type))) {
    return {
      ...base,
      reason: 'never-exported',
      saw: `${saw} There is an exporter for OTLP, and nothing of it reached the collector.`,
      look: 'does a line shut the SDK down too early? Does the exporter speak HTTP, as the collector does?',
    };
  }
  const types = exporters.map((exporter) => exporter.type).filter((type) => !/OTLP/.test(type));
  return {
    ...base,
    reason: 'never-exported',
    saw: `${saw}${types.length > 0 ? ` Its exporter is ${types.join(', ')}.` : ' No exporter for OTLP was seen.'}`,
    look:
      types.length > 0
        ? 'where do your spans go when they have ended? A console is no collector.'
        : 'where do your spans go when they have ended? Whoever gives the Node SDK spanProcessors gets these alone, and traceExporter counts no more.',
  };
}

/** Whether an exporter's address is the one that the grader configured. Unknown in evidence of older runs: then no. */
function isCollector(url: string, collectorUrl: string | undefined): boolean {
  try {
    return collectorUrl !== undefined && new URL(url).host === new URL(collectorUrl).host;
  } catch {
    return false;
  }
}

/** The exporter of a program or of the page names an address that the collector does not have. */
export function sentToNoPath(saw: string, path: string): Pick<Finding, 'reason' | 'saw' | 'look'> {
  return {
    reason: 'export-bad-path',
    saw: `${saw} The exporter sent them to ${path}, and the collector has no such path.`,
    look: 'the address that you give to the exporter. Which path does OTLP use for traces?',
  };
}
