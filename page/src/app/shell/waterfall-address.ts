import { computed, inject, type Signal } from '@angular/core';
import type { Interval } from '@workshop/telemetry/pure';
import { type Folding, foldingOf, foldingText } from '../waterfall/folding';
import { Address, intervalOf, intervalText, type Parameters } from './address';

/** Inputs of a view that come from its address. */
export interface WaterfallParameters {
  /** id of the open span */
  span: Signal<string | undefined>;
  /** `12.5-300` */
  zoom: Signal<string | undefined>;
  fold: Signal<string | undefined>;
  /** search within the trace */
  find: Signal<string | undefined>;
}

/** What a waterfall shows of its address, and what a person does in it, written there. */
export interface WaterfallAddress {
  zoomed: Signal<Interval | null>;
  folding: Signal<Folding>;
  find: Signal<string>;
  select(spanId: string | null): void;
  setZoom(zoom: Interval | null): void;
  setFolding(folding: Folding): void;
  setFind(find: string): void;
}

/**
 * Call it where `inject` works.
 * @param options `withSpan`: what another span takes away, too; `onStep`: before a step that "back" undoes
 */
export function waterfallAddress(
  { span, zoom, fold, find }: WaterfallParameters,
  options: { withSpan?: Parameters; onStep?: () => void } = {},
): WaterfallAddress {
  const address = inject(Address);
  return {
    zoomed: computed(() => intervalOf(zoom())),
    folding: computed(() => foldingOf(fold())),
    find: computed(() => find() ?? ''),
    select(spanId) {
      // Moving along with open details is one step, not fifty.
      const write = span() !== undefined && spanId !== null ? 'replace' : 'push';
      if (write === 'push') options.onStep?.();
      address[write]({ span: spanId, ...options.withSpan });
    },
    setZoom: (interval) => address.push({ zoom: intervalText(interval) }),
    setFolding: (folding) => address.replace({ fold: foldingText(folding) || null }),
    setFind: (text) => address.replace({ find: text || null }),
  };
}
