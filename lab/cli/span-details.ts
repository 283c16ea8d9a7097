import { visibleText } from '@workshop/base';
import { labelled, type Screen } from '@workshop/base/terminal';
import {
  type Attributes,
  type AttributeValue,
  displayWidth,
  fit,
  formatDuration,
  harmless,
  indexSpans,
  type Span,
  serviceOf,
} from '@workshop/telemetry';

/** What stands on spans, as text: what a waterfall has no room for. */

const SCREEN: Screen = { width: 80, plain: true, colour: false };
/** A longer name of an attribute pushes its own value alone to the right. */
const LONGEST_KEY = 34;
/** Of a longer value, such as a stack, the beginning is shown. */
const LONGEST_VALUE = 300;

/** The spans of this name; if there is none, those whose name contains it, in any case. */
export function spansCalled(spans: readonly Span[], name: string): Span[] {
  const exact = spans.filter((span) => span.name === name);
  const part = name.toLowerCase();
  return exact.length > 0 ? exact : spans.filter((span) => span.name.toLowerCase().includes(part));
}

/** Attributes, status, events and links of each, parents first. Spans that say the same are said once. */
export function detailsOf(trace: readonly Span[], shown: readonly Span[]): string {
  const wanted = new Set(shown);
  const index = indexSpans(trace);
  const inOrder = index.traceIds().flatMap((id) => index.trace(id).filter((span) => wanted.has(span)));
  const groups = Map.groupBy(inOrder, sameness);
  return [...groups.values()].map(groupText).join('\n\n');
}

/** The resource of each service that took part: it travels with every span. */
export function resourcesOf(spans: readonly Span[]): string {
  const byText = new Map(
    spans.map((span) => [attributeLines(span.resource, '  ').join('\n'), serviceOf(span)] as const),
  );
  return [...byText]
    .map(([text, service]) => `resource of ${harmless(service) || 'a service without a name'}\n${text}`)
    .join('\n\n');
}

function sameness({ parentSpanId, name, kind, status, attributes, events, links, scope }: Span): string {
  const told = events.map((event) => [event.name, event.attributes]);
  return JSON.stringify([parentSpanId, name, kind, status, attributes, told, links, scope.name]);
}

function groupText(group: readonly Span[]): string {
  const [span] = group as [Span];
  const ms = group.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const times = group.length > 1 ? ` x ${group.length}` : '';
  const head = [span.name + times, span.kind, formatDuration(ms), serviceOf(span)].map(harmless).join('   ');
  const lines = [fit(head, SCREEN.width), ...attributeLines(span.attributes, '  ')];
  const { code, message } = span.status;
  if (code !== 'UNSET') lines.push(...row('  ', 'status', message ? `${code}, ${quoted(message)}` : code));
  for (const event of span.events) {
    const after = formatDuration(Math.max(0, event.timeMs - span.startMs));
    lines.push(`  event ${harmless(event.name)}, ${after} after its start`);
    lines.push(...attributeLines(event.attributes, '    '));
  }
  for (const link of span.links) {
    lines.push(`  link to span ${harmless(link.spanId)} of trace ${harmless(link.traceId)}`);
    lines.push(...attributeLines(link.attributes, '    '));
  }
  if (span.scope.name !== '') lines.push(`  (made by ${harmless(span.scope.name)})`);
  return lines.join('\n');
}

function attributeLines(attributes: Attributes, margin: string): string[] {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  const width = Math.min(LONGEST_KEY, Math.max(0, ...entries.map(([key]) => displayWidth(harmless(key)))));
  return entries.flatMap(([key, value]) => row(margin, harmless(key).padEnd(width), valueText(value)));
}

function row(margin: string, key: string, value: string): string[] {
  return labelled(`${margin}${key}  `, value, SCREEN);
}

/** Texts stand in quotes, numbers do not: which of them an attribute is, makes a difference to queries. */
function valueText(value: AttributeValue): string {
  return typeof value === 'string' ? quoted(value) : cut(JSON.stringify(value));
}

function quoted(text: string): string {
  return `"${cut(text.replace(/\s+/g, ' ').trim())}"`;
}

function cut(text: string): string {
  return fit(visibleText(text), LONGEST_VALUE);
}
