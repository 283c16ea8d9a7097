import type { EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { counted } from '../../sentences.ts';

export interface HealthCheck {
  sent: SentRequest;
  /** true: its caller had kept the trace */
  sampled: boolean;
  spans: readonly EvidenceSpan[];
}

/** Health checks that made spans; null: none did. */
export function diagnoseHealthChecks(checks: readonly HealthCheck[]): Finding | null {
  const traced = checks.filter(({ spans }) => spans.length > 0);
  const [first] = traced;
  if (!first) return null;
  const { sent, spans } = first;
  const span = spans.find(({ kind }) => kind === 'SERVER') ?? spans[0];
  const plain = ({ sent: one }: HealthCheck) => one.method === 'GET' && one.path === '/health';
  const untraced = checks.filter((one) => one.spans.length === 0);
  const onlyForCaller = traced.every(({ sampled }) => sampled) && untraced.some(({ sampled }) => !sampled);
  const notPlain = !traced.some(plain) && untraced.some(plain);
  const inside = !spans.some(({ kind }) => kind === 'SERVER');
  return {
    reason: 'health-check-traced',
    saw: `${sent.method} ${sent.path}${first.sampled ? ', whose caller keeps its trace,' : ''} made ${counted(spans.length, 'span')}${inside ? `, without a SERVER span: "${span?.name}" hangs in the air` : ''}. ${traced.length} of ${checks.length} health checks were traced.`,
    wanted: 'no span of a health check, at any ratio: neither its own nor of what it does inside.',
    look: onlyForCaller
      ? 'what happens to a health check whose caller keeps its trace? Who decides then?'
      : notPlain
        ? 'by what do you know a health check? Some of these have another method, or a query.'
        : 'what does the instrumentation of HTTP do with a request that it should ignore, and what do the others do?',
    marks: span ? [markOn(span, 'OF A HEALTH CHECK')] : [],
    seen: [{ kind: 'span', text: span?.name ?? '', spanId: span?.spanId }],
  };
}
