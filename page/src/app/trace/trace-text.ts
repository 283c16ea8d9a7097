import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { type Annotation, renderWaterfall, type Span } from '@workshop/telemetry/pure';

/** The same trace as text, as the terminal shows it: the browser's own search finds everything in it. */
@Component({
  selector: 'lab-trace-text',
  template: `<pre tabindex="0" aria-label="The trace as text">{{ text() }}</pre>`,
  styles: `
    :host {
      display: block;
      flex: 1;
      min-block-size: 0;
      overflow: auto;
      background: var(--surface);
    }

    pre {
      margin: 0;
      padding: 12px;
      outline-offset: -2px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TraceText {
  readonly spans = input.required<readonly Span[]>();
  /** words about spans, in lines of their own */
  readonly annotations = input<readonly Annotation[]>([]);
  protected readonly text = computed(() =>
    renderWaterfall(this.spans(), {
      width: 120,
      indent: 0,
      maxRows: 20_000,
      collapseFrom: 5,
      annotations: this.annotations(),
    }),
  );
}
