import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Interval } from '@workshop/telemetry/pure';
import { LabApi } from '../lab/lab-api';
import { Address, intervalOf, intervalText } from '../shell/address';
import { SpanDrawer } from '../span/span-drawer';
import { shownLine } from '../text/shown';
import { clockTime, formatDuration } from '../text/time';
import { type Folding, foldingOf, foldingText } from '../waterfall/folding';
import { traceModel } from '../waterfall/trace-model';
import { Waterfall } from '../waterfall/waterfall';

/** One trace: its waterfall, and the details of a span. All state is in the address. */
@Component({
  selector: 'lab-trace-page',
  imports: [RouterLink, SpanDrawer, Waterfall],
  templateUrl: './trace-page.html',
  styleUrl: './trace-page.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TracePage {
  readonly id = input.required<string>();
  /** of the address: the open span, the zoom, what was folded, the search within, `1` for the critical path */
  readonly span = input<string>();
  readonly zoom = input<string>();
  readonly fold = input<string>();
  readonly find = input<string>();
  readonly path = input<string>();

  readonly #api = inject(LabApi);
  readonly #address = inject(Address);
  protected readonly trace = this.#api.trace(() => this.id());
  protected readonly critical = this.#api.criticalPath(() => (this.path() === '1' ? this.id() : undefined));

  protected readonly spans = computed(() => (this.trace.hasValue() ? this.trace.value().spans : []));
  protected readonly model = computed(() => traceModel(this.spans()));
  protected readonly facts = computed(() => {
    const { spans, startMs, endMs, services, index } = this.model();
    const [root] = index.rootsOf(spans[0]?.traceId ?? '');
    const errors = spans.filter(({ status }) => status.code === 'ERROR').length;
    return {
      name: root ? shownLine(root.name) || '(no name)' : '',
      start: clockTime(startMs),
      duration: formatDuration(endMs - startMs),
      spans: spans.length,
      services: [...services].map(([name, colour]) => ({ name: shownLine(name) || '(no service)', colour })),
      errors,
    };
  });
  protected readonly segments = computed(() =>
    this.critical.hasValue() ? this.critical.value().segments : null,
  );
  protected readonly open = computed(() => this.model().find(this.span() ?? ''));
  protected readonly zoomed = computed(() => intervalOf(this.zoom()));
  protected readonly folding = computed(() => foldingOf(this.fold()));

  protected select(spanId: string | null): void {
    // Moving along with open details is one step, not fifty.
    const write = this.span() !== undefined && spanId !== null ? 'replace' : 'push';
    this.#address[write]({ span: spanId });
  }

  protected setZoom(zoom: Interval | null): void {
    this.#address.push({ zoom: intervalText(zoom) });
  }

  protected setFolding(folding: Folding): void {
    this.#address.replace({ fold: foldingText(folding) || null });
  }

  protected setFind(find: string): void {
    this.#address.replace({ find: find || null });
  }

  protected setPath(on: boolean): void {
    this.#address.push({ path: on ? '1' : null });
  }
}
