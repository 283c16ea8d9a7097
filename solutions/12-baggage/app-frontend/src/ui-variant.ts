import { type Context, propagation } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace-web';

/** Which of its two layouts the page has: an entry of baggage, and an attribute. */
const UI_VARIANT = 'murmur.ui.variant';

/** The context with this variant in its baggage. Baggage goes into the headers of requests, so it holds nothing else. */
export function withVariant(context: Context, value: string): Context {
  return propagation.setBaggage(context, propagation.createBaggage({ [UI_VARIANT]: { value } }));
}

/** Puts the variant on every span that starts where the baggage has one, whoever starts it. */
export class VariantProcessor implements SpanProcessor {
  onStart(span: Span, parent: Context): void {
    const variant = propagation.getBaggage(parent)?.getEntry(UI_VARIANT)?.value;
    if (variant !== undefined) span.setAttribute(UI_VARIANT, variant);
  }

  onEnd(): void {}
  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}
