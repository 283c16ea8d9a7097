import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

const HIDDEN = '[hidden]';
/** An attribute whose name ends so is a secret as a whole: `http.request.header.cookie`. */
const SECRET_NAME = /(?:^|\.)(?:token|password|secret|authorization|cookie)$/i;
/** `token=...` in an address, `%3Ftoken%3D...` in one within another, and `"password":"..."` in JSON. */
const NAMED =
  /(?:\b|(?<=%[\dA-F]{2}))(token|password|secret|authorization|cookie)(["']?\s*(?:[=:]|%3D)\s*["']?)[^\s"'&,;]+/gi;
const BEARER = /\bBearer\s+[^\s"',;]+/gi;
/** What stands between quotes in SQL, where two in a row stand for one. */
const LITERAL = /'(?:[^']|'')*'/g;

/** Sends spans on without the secrets in them, wherever they came from. It is the last to see them. */
export class RedactingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;

  constructor(exporter: SpanExporter) {
    this.#exporter = exporter;
  }

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.#exporter.export(spans.map(withoutSecrets), done);
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }
}

/** A view of the span: the original is left as it is, since other processors may have it, too. */
function withoutSecrets(span: ReadableSpan): ReadableSpan {
  const { name, status, attributes, events, links } = span;
  return Object.create(span, {
    name: { value: scrub(name) },
    status: { value: status.message === undefined ? status : { ...status, message: scrub(status.message) } },
    attributes: { value: hide(attributes) },
    events: {
      value: events.map((event) => ({
        ...event,
        name: scrub(event.name),
        attributes: hide(event.attributes),
      })),
    },
    links: { value: links.map((link) => ({ ...link, attributes: hide(link.attributes) })) },
  });
}

function hide(attributes: Attributes = {}): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, hidden(key, value)]));
}

function hidden(key: string, value: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof value === 'string') return SECRET_NAME.test(key) ? HIDDEN : scrub(value, key);
  if (!Array.isArray(value)) return value;
  return value.map((one) => hidden(key, one ?? undefined)) as string[];
}

function scrub(text: string, key = ''): string {
  const scrubbed = text.replace(BEARER, HIDDEN).replace(NAMED, `$1$2${HIDDEN}`);
  return key.startsWith('db.') ? scrubbed.replace(LITERAL, `'${HIDDEN}'`) : scrubbed;
}
