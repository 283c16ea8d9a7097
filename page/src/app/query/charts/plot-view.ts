import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  effect,
  inject,
  input,
  output,
  signal,
  ViewEncapsulation,
} from '@angular/core';
import { ElementSize } from '../../waterfall/element-size';
import { type Ink, inkOf, onThemeChange, uPlot } from './plot';

export type PlotOptions = Omit<uPlot.Options, 'width' | 'height'>;

/** A canvas of uPlot that keeps to its width and to the theme. Its height is there before anything is drawn. */
@Component({
  selector: 'lab-plot',
  template: '',
  styleUrl: './plot-view.css',
  encapsulation: ViewEncapsulation.None,
  host: { '[style.block-size.px]': 'height()', 'aria-hidden': 'true' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlotView {
  readonly options = input.required<(ink: Ink) => PlotOptions>();
  readonly data = input.required<uPlot.AlignedData>();
  readonly height = input(260);
  /** a new plot is there, drawn */
  readonly drawn = output<uPlot>();

  readonly #theme = signal(0);

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef);
    const size = new ElementSize(signal(host));
    const destroyed = inject(DestroyRef);
    destroyed.onDestroy(onThemeChange(() => this.#theme.update((times) => times + 1)));
    let plot: uPlot | null = null;
    effect(() => {
      this.#theme();
      const width = Math.floor(size.width());
      const [options, data, height] = [this.options(), this.data(), this.height()];
      if (width < 40) return;
      plot?.destroy();
      const { hooks = {}, ...rest } = options(inkOf(host.nativeElement));
      // Before it is ready it has no places for values yet.
      const ready = [...(hooks.ready ?? []), (one: uPlot) => this.drawn.emit(one)];
      plot = new uPlot({ ...rest, hooks: { ...hooks, ready }, width, height }, data, host.nativeElement);
    });
    destroyed.onDestroy(() => plot?.destroy());
  }
}
