import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { captureOf, spanIndexOf } from '../../joins/index.ts';
import { foundHere, missingHere } from '../../sentences.ts';
import { lostOnTheWay } from '../attributes/lost-on-the-way.ts';

/** Why a SERVER span does not know its route; null when it does. The framework's instrumentation tells it. */
export function diagnoseRoute(evidence: Evidence, server: EvidenceSpan, route: string): Finding | null {
  const given = server.attributes['http.route'];
  if (given === route) return null;
  const base = {
    wanted: `http.route = "${route}" on it: without a route, every address is a name of its own.`,
    marks: [missingHere(server, 'http.route')],
    seen: [
      {
        kind: 'span',
        text: `${server.name}, http.route = ${JSON.stringify(given ?? null)}`,
        spanId: server.spanId,
      },
    ],
  };
  if (given !== undefined) {
    return {
      ...base,
      reason: 'attribute-wrong-value',
      saw: `the SERVER span "${server.name}" has http.route = ${JSON.stringify(given)}.`,
      look: 'what sets http.route? The instrumentation of the framework does it for you.',
    };
  }
  const lost = lostOnTheWay(server, `${server.name}, the SERVER span`, 'http.route', base.wanted);
  if (lost) return lost;
  const capture = captureOf(evidence, server.origin.process);
  const framework =
    capture?.instrumentations.filter((one) => /instrumentation-(?:express|nestjs-core)$/.test(one.name)) ??
    [];
  const early = framework.flatMap((one) => one.modulesLoadedBefore);
  if (early.length > 0) {
    return {
      ...base,
      reason: 'sdk-loaded-too-late',
      saw: `the SERVER span is called "${server.name}" and has no http.route. ${early.slice(0, 3).join(', ')} had been loaded before the SDK started.`,
      cause:
        'This instrumentation changes its library while it loads. What is loaded already stays unwatched.',
      look: 'which file is loaded first when the API starts? Which line in it runs first, and what does that import?',
    };
  }
  const torn = evidence.spans.find(
    (span) =>
      span.origin.phase === 'run' &&
      span.parentSpanId === undefined &&
      span.traceId !== server.traceId &&
      framework.some((one) => one.name === span.scope.name),
  );
  if (torn) {
    return {
      ...base,
      reason: 'span-root-not-child',
      saw: `the SERVER span is called "${server.name}" and has no http.route. "${torn.name}" of the framework is the root of a trace of its own.`,
      cause: 'The libraries make spans, and none of them knows which span is active.',
      look: 'is there a context manager, and does it stay the one that is registered?',
      marks: [...base.marks, markOn(torn, 'ROOT: it has no parent')],
    };
  }
  const below = spanIndexOf(evidence)
    .trace(server.traceId)
    .find((span) => span.attributes['http.route'] === route);
  if (below) {
    return {
      ...base,
      reason: 'attribute-missing',
      saw: `the SERVER span is called "${server.name}" and has no http.route. "${below.name}", a span of the framework, has it.`,
      look: 'what may keep it from the SERVER span: a limit on attributes, a hook, a processor of yours?',
      marks: [...base.marks, foundHere(below, `http.route = ${route}`)],
    };
  }
  const watching = framework.find((one) => one.enabled);
  return {
    ...base,
    reason: 'instrumentation-missing',
    saw: `the SERVER span is called "${server.name}" and has no http.route. ${watching ? `${watching.name} is switched on, and it did not name the route.` : 'Nothing watches the framework.'}`,
    look: watching
      ? 'the options of that instrumentation: which of its layers are left out?'
      : 'the list of instrumentations that you give to the SDK: who knows the routes?',
  };
}
