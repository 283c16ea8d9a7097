import { ChangeDetectionStrategy, Component, computed, input, linkedSignal, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type Span, serviceOf } from '@workshop/telemetry/pure';
import { Icon } from '../shell/icon';
import { shownLine } from '../text/shown';
import { clockTime, formatDuration } from '../text/time';
import type { TraceModel } from '../waterfall/trace-model';
import { FieldList } from './field-list';
import { fieldsOf } from './fields';
import { Value } from './value';

/** Everything that one span says: every field, nothing hidden, all of it as text. */
@Component({
  selector: 'lab-span-drawer',
  imports: [FieldList, Icon, RouterLink, Value],
  templateUrl: './span-drawer.html',
  styleUrl: './span-drawer.css',
  host: { role: 'region', '[attr.aria-label]': '"Span " + name()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SpanDrawer {
  readonly span = input.required<Span>();
  readonly model = input.required<TraceModel>();
  /** key of the attribute that somebody was sent to */
  readonly lit = input<string | null>(null);
  /** whether keys and links lead to other traces of the lab */
  readonly inLab = input(true);
  readonly closed = output();
  /** id of another span of this trace that is asked for */
  readonly asked = output<string>();

  protected readonly find = linkedSignal({ source: this.lit, computation: () => '' });

  protected readonly name = computed(() => shownLine(this.span().name, 400) || '(no name)');
  protected readonly service = computed(() => shownLine(serviceOf(this.span())) || '(no service)');
  protected readonly colour = computed(() => this.model().services.get(serviceOf(this.span())) ?? 0);
  protected readonly isOpen = computed(() => this.model().unended.has(this.span().spanId));
  protected readonly parent = computed(() => this.model().index.parentOf(this.span()));
  protected readonly orphan = computed(() => this.model().index.isOrphan(this.span()));
  protected readonly times = computed(() => {
    const span = this.span();
    const model = this.model();
    return {
      start: formatDuration(span.startMs - model.startMs),
      duration: this.isOpen() ? 'it never ended' : formatDuration(span.durationMs),
      self: this.isOpen() ? '' : formatDuration(model.selfMs(span)),
      clock: clockTime(span.startMs),
    };
  });
  protected readonly status = computed(() => this.span().status.code.toLowerCase());
  protected readonly attributes = computed(() => fieldsOf(this.span().attributes));
  protected readonly resource = computed(() => fieldsOf(this.span().resource));
  protected readonly scope = computed(() => {
    const { name, version, ...rest } = this.span().scope;
    const attributes = 'attributes' in rest ? (rest.attributes as Span['attributes']) : {};
    return fieldsOf({ ...attributes, name, ...(version !== undefined && { version }) });
  });
  protected readonly ids = computed(() => {
    const { traceId, spanId, parentSpanId, traceState, traceFlags, parentIsRemote } = this.span();
    return fieldsOf({
      traceId,
      spanId,
      ...(parentSpanId !== undefined && { parentSpanId }),
      ...(parentIsRemote !== undefined && { parentIsRemote }),
      ...(traceState !== undefined && { traceState }),
      ...(traceFlags !== undefined && { traceFlags }),
    });
  });
  protected readonly events = computed(() =>
    this.span().events.map((event) => ({
      name: shownLine(event.name) || '(no name)',
      at: formatDuration(event.timeMs - this.model().startMs),
      clock: clockTime(event.timeMs),
      fields: fieldsOf(event.attributes),
    })),
  );
  protected readonly links = computed(() =>
    this.span().links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      isHex: /^[0-9a-f]{32}$/.test(link.traceId) && /^[0-9a-f]{16}$/.test(link.spanId),
      here: link.traceId === this.span().traceId && this.model().find(link.spanId) !== undefined,
      fields: fieldsOf({ ...link.attributes, ...(link.traceState && { traceState: link.traceState }) }),
    })),
  );

  protected nameOf(span: Span): string {
    return shownLine(span.name) || '(no name)';
  }
}
