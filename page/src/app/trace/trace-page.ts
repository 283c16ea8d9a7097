import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  signal,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Span } from '@workshop/telemetry/pure';
import { LabApi, labProblem } from '../lab/lab-api';
import { LabLive } from '../lab/lab-live';
import { Address } from '../shell/address';
import { waterfallAddress } from '../shell/waterfall-address';
import { SpanDrawer } from '../span/span-drawer';
import { shownLine } from '../text/shown';
import { clockTime, formatDuration } from '../text/time';
import { overlay } from '../waterfall/overlay';
import { ServiceList } from '../waterfall/service-list';
import { skewsOf, skewText } from '../waterfall/skew';
import { traceModel } from '../waterfall/trace-model';
import { Waterfall } from '../waterfall/waterfall';
import { Differences } from './differences';
import { OpenedFile } from './opened-file';
import { otlpText, saveTrace } from './save-trace';
import { TraceActions } from './trace-actions';
import { TraceText } from './trace-text';

/** A trace of more spans is said to be one: nobody reads it row by row. */
const MANY = 5_000;

/** One trace: its waterfall, and the details of a span. All state is in the address. */
@Component({
  selector: 'lab-trace-page',
  imports: [Differences, RouterLink, ServiceList, SpanDrawer, TraceActions, TraceText, Waterfall],
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
  /** `text`: as text; `file`: the trace is of a file that was opened here */
  readonly view = input<string>();
  readonly from = input<string>();
  /** id of the trace that is laid over this one */
  readonly with = input<string>();

  readonly #api = inject(LabApi);
  readonly #address = inject(Address);
  protected readonly file = inject(OpenedFile);
  protected readonly inLab = computed(() => this.from() !== 'file');
  readonly #asked = computed(() => (this.inLab() ? this.id() : undefined));
  protected readonly trace = this.#api.trace(() => this.#asked());
  protected readonly critical = this.#api.criticalPath(() =>
    this.path() === '1' ? this.#asked() : undefined,
  );

  protected readonly spans = computed<readonly Span[]>(() => {
    if (!this.inLab()) return this.file.spansOf(this.id()) ?? [];
    return this.trace.hasValue() ? this.trace.value().spans : [];
  });
  protected readonly other = this.#api.trace(() => this.with());
  protected readonly compared = this.#api.comparison(() => {
    const b = this.with();
    return b === undefined || !this.inLab() ? undefined : { a: this.id(), b };
  });
  protected readonly comparison = computed(() => {
    const spans = this.spans();
    if (!this.compared.hasValue() || !this.other.hasValue() || spans.length === 0) return null;
    const answer = this.compared.value();
    return {
      ...overlay(spans, this.other.value().spans, answer.places),
      lines: answer.differences,
      words: `The first is this one, ${formatDuration(answer.a.durationMs)}; the second took ${formatDuration(answer.b.durationMs)}`,
    };
  });
  /** With what only the other one has. */
  protected readonly shownSpans = computed(() => this.comparison()?.spans ?? this.spans());
  protected readonly shownModel = computed(() => traceModel(this.shownSpans()));
  protected readonly noTags: ReadonlyMap<string, string> = new Map();
  protected readonly noOthers: ReadonlySet<string> = new Set();
  protected readonly problem = computed(() => {
    const error = this.trace.error();
    return error ? labProblem(error) : null;
  });
  /** Others of the file that was opened. */
  protected readonly others = computed(() =>
    this.inLab() ? [] : this.file.traceIds().filter((traceId) => traceId !== this.id()),
  );
  protected readonly model = computed(() => traceModel(this.spans()));
  protected readonly facts = computed(() => {
    const { spans, startMs, endMs, index } = this.model();
    const [root] = index.rootsOf(spans[0]?.traceId ?? '');
    const errors = spans.filter(({ status }) => status.code === 'ERROR').length;
    return {
      name: root ? shownLine(root.name) || '(no name)' : '',
      start: clockTime(startMs),
      duration: formatDuration(endMs - startMs),
      spans: spans.length,
      errors,
    };
  });
  protected readonly remarks = computed(() => {
    const { spans, index } = this.model();
    const orphans = spans.filter((span) => index.isOrphan(span)).length;
    return [
      ...skewsOf(this.model()).map((skew) => shownLine(skewText(skew), 400)),
      ...(orphans > 0 ? [orphanText(orphans)] : []),
      ...(index.duplicates.length > 0
        ? [`${index.duplicates.length} spans came twice with one id; the first of each is shown.`]
        : []),
      ...(spans.length > MANY
        ? [
            `${spans.length} spans. All of them are here; of five or more equal ones in a row you see one line.`,
          ]
        : []),
    ];
  });
  protected readonly segments = computed(() =>
    this.critical.hasValue() ? this.critical.value().segments : null,
  );
  protected readonly open = computed(() => this.shownModel().find(this.span() ?? ''));
  protected readonly storeProblem = signal('');
  /** more spans of this trace have come since it was asked for */
  protected readonly more = linkedSignal({ source: this.spans, computation: () => false });
  protected readonly waterfall = waterfallAddress(this);

  constructor() {
    inject(LabLive).on<{ traces: { traceId: string }[] }>('traces', ({ traces }) => {
      if (this.spans().length > 0 && traces.some(({ traceId }) => traceId === this.id())) this.more.set(true);
    });
  }

  protected setText(on: boolean): void {
    this.#address.push({ view: on ? 'text' : null });
  }

  /** Stores the trace of a file in the lab, so that it can be found, compared and queried. */
  protected async store(): Promise<void> {
    try {
      await this.#api.store(otlpText(this.spans()));
      this.#address.push({ from: null });
    } catch (error) {
      this.storeProblem.set(labProblem(error).text || 'The lab did not answer.');
    }
  }

  protected save(): void {
    saveTrace(this.spans());
  }

  protected setPath(on: boolean): void {
    this.#address.push({ path: on ? '1' : null });
  }
}

function orphanText(orphans: number): string {
  const whose = orphans === 1 ? 'The parent of 1 span is' : `The parents of ${orphans} spans are`;
  return `${whose} not here: not ended yet, never sent, or still on the way. They stand on the first level.`;
}
