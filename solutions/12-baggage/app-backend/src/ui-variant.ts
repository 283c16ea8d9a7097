import { type Context, propagation } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Which of its two layouts the page has that began the work: an entry of baggage, and an attribute. */
const UI_VARIANT = 'murmur.ui.variant';

/** Baggage is a header, and anybody can send one: what is none of Murmur's layouts is not believed. */
const LAYOUTS = ['A', 'B'];

/** What a context's baggage says of the variant; undefined: nothing that can be believed. */
function variantIn(context: Context): string | undefined {
  const value = propagation.getBaggage(context)?.getEntry(UI_VARIANT)?.value;
  return value !== undefined && LAYOUTS.includes(value) ? value : undefined;
}

/** A context in whose baggage is the variant that `source` has, and nothing else. By default it is `source` itself. */
export function withVariantOf(source: Context, context = source): Context {
  const value = variantIn(source);
  return value === undefined
    ? propagation.deleteBaggage(context)
    : propagation.setBaggage(context, propagation.createBaggage({ [UI_VARIANT]: { value } }));
}

/** Puts the variant on every span that starts where the baggage has one, whoever starts it. */
export class VariantProcessor implements SpanProcessor {
  onStart(span: Span, parent: Context): void {
    const variant = variantIn(parent);
    if (variant !== undefined) span.setAttribute(UI_VARIANT, variant);
  }

  onEnd(): void {}
  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}
