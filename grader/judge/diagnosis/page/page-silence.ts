import type { Evidence } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { pageRequestsOf, pageSpansOf } from '../../joins/index.ts';
import { counted } from '../../sentences.ts';
import { diagnoseAllTooEarly } from './late-start.ts';
import { diagnosePageUnusable } from './page-unusable.ts';

export const SAMPLER_OF_THE_PAGE =
  'the sampler of the page. config.json tells the share to keep: without it, all.';

/** Why the page made no spans at all; null when it made some. "Nothing arrived" is many causes. */
export function diagnosePageSilence(evidence: Evidence, wanted: string): Finding | null {
  const unusable = diagnosePageUnusable(evidence);
  if (unusable) return unusable;
  const telemetry = evidence.page?.telemetry;
  if (!telemetry || pageSpansOf(evidence).length > 0) return null;
  const requests = counted(pageRequestsOf(evidence).length, 'request');
  const replaced = telemetry.replacedApis ?? [];
  const base = { wanted, seen: [{ kind: 'spans', text: '0 spans of the page' }] };
  if (telemetry.notSampled > 0) {
    return {
      ...base,
      reason: 'not-sampled',
      saw: `the page started ${counted(telemetry.notSampled, 'span')}, and the sampler dropped all of them.`,
      look: SAMPLER_OF_THE_PAGE,
    };
  }
  const late = diagnoseAllTooEarly(evidence, pageRequestsOf(evidence), base);
  if (late) return late;
  if (telemetry.providers.length > 0) {
    return {
      ...base,
      reason: 'instrumentation-missing',
      saw: `a tracer provider runs in the page, but nothing makes spans. ${requests} left it, unseen.`,
      look: 'the list of instrumentations, and the call that registers it.',
    };
  }
  if (replaced.length > 0) {
    return {
      ...base,
      reason: 'provider-not-registered',
      saw: `an instrumentation watches ${replaced.join(' and ')}, but no tracer provider was registered. 0 spans.`,
      look: 'how does an instrumentation find your provider? Which call makes it the global one?',
    };
  }
  return {
    ...base,
    reason: 'no-provider',
    saw: `the page sent ${requests} to the API and made 0 spans: no tracer provider was started in it.`,
    look: 'exercises/06-browser-spans/README.md, "What you need".',
  };
}
