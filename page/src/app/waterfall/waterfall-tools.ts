import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  input,
  model,
  output,
  viewChild,
} from '@angular/core';
import { Icon } from '../shell/icon';

/** The row above a waterfall: search in the trace, critical path, zoom, and what a view adds. */
@Component({
  selector: 'lab-waterfall-tools',
  imports: [Icon],
  template: `
    <search>
      <input
        #search
        class="field"
        type="search"
        aria-label="Search in this trace"
        placeholder="Search in this trace"
        autocomplete="off"
        spellcheck="false"
        [value]="find()"
        (input)="find.set(search.value)"
        (keydown.enter)="next.emit(1)"
        (keydown.shift.enter)="next.emit(-1)"
        (keydown.escape)="search.blur()"
      />
      <span class="count number" role="status">
        @if (find() !== '') {
          {{ matches() === 0 ? 'none' : matchNumber() + ' of ' + matches() }}
        }
      </span>
      <button
        type="button"
        class="button plain"
        aria-label="Match before"
        [disabled]="matches() === 0"
        (click)="next.emit(-1)"
      >
        <lab-icon name="up" />
      </button>
      <button
        type="button"
        class="button plain"
        aria-label="Next match"
        [disabled]="matches() === 0"
        (click)="next.emit(1)"
      >
        <lab-icon name="down" />
      </button>
    </search>
    @if (hasCriticalPath()) {
      <button
        type="button"
        class="button"
        [attr.aria-pressed]="critical()"
        (click)="critical.set(!critical())"
      >
        Critical path
      </button>
    }
    <span class="rest"></span>
    <ng-content />
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      align-items: center;
      padding: 6px 12px;
      border-block-end: 1px solid var(--line);
    }

    search {
      display: flex;
      gap: 2px;
      align-items: center;
    }

    .field {
      inline-size: min(240px, 42vw);
    }

    .count {
      min-inline-size: 64px;
      color: var(--ink-soft);
      font-size: 12px;
      text-align: center;
    }

    .rest {
      flex: 1;
    }

    @media (max-width: 38rem) {
      search {
        flex: 1;
      }

      .field {
        flex: 1;
        inline-size: 80px;
      }

      .count {
        min-inline-size: 0;
      }

      .rest {
        display: none;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WaterfallTools {
  readonly find = model.required<string>();
  readonly critical = model.required<boolean>();
  readonly hasCriticalPath = input(true);
  readonly matches = input.required<number>();
  /** 1 for the first; 0: none of them is the active row */
  readonly matchNumber = input.required<number>();
  /** 1: to the next match, -1: to the one before */
  readonly next = output<1 | -1>();

  protected readonly search = viewChild.required<ElementRef<HTMLInputElement>>('search');

  focusSearch(): void {
    this.search().nativeElement.focus();
    this.search().nativeElement.select();
  }
}
