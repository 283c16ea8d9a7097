import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  effect,
  Injector,
  inject,
  input,
  output,
  viewChild,
} from '@angular/core';
import type { Solution } from '@workshop/grader/learn/shapes';
import { Sentences } from '../text/sentences';
import { shownLine, shownText } from '../text/shown';

/** What stands above a waterfall that holds the learner's trace and the solution's. */
@Component({
  selector: 'lab-solution-strip',
  imports: [Sentences],
  template: `
    @switch (solution()?.state) {
      @case ('hidden') {
        <p>
          <strong>It is not passed yet.</strong> This shows which spans the solution has, where and how many: none of its
          code.
        </p>
        <p class="buttons">
          <button #yes type="button" class="button" (click)="asked.emit(true)">Show its structure</button>
          <button type="button" class="button plain" (click)="closed.emit()">Not yet</button>
        </p>
      }
      @case ('ungraded') {
        <p>Grade first: the solution is laid over the trace of your last verdict.</p>
      }
      @case ('failed') {
        <p role="alert"><strong>The solution could not be driven.</strong> It is not your code.</p>
        <pre tabindex="0">{{ text(problem()) }}</pre>
        <p class="buttons"><button type="button" class="button" (click)="asked.emit(true)">Try again</button></p>
      }
      @case ('ready') {
        <p>
          <strong class="number">{{ words() }}</strong>
          <span class="soft">Dotted bars: only in the solution.</span>
          <button type="button" class="button" [attr.aria-pressed]="asText()" (click)="textChosen.emit(!asText())">
            Text
          </button>
        </p>
        <lab-sentences [lines]="lines()" [few]="3" none="The same spans at the same places." />
        @if (code().length > 0) {
          <details>
            <summary>Both codes</summary>
            <pre tabindex="0" aria-label="Your code and the solution's">{{ codeText() }}</pre>
          </details>
        }
      }
      @default {
        @if (problem()) {
          <p role="alert">{{ text(problem()) }}</p>
        } @else {
          <p role="status" aria-busy="true">The solution answers the same requests. {{ line(step()) }}</p>
        }
      }
    }
  `,
  styles: `
    :host {
      display: block;
      max-block-size: 34vh;
      padding: 6px 14px;
      border-block-end: 1px solid var(--line);
      background: var(--accent-wash);
      overflow: auto;
    }

    p {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 12px;
      align-items: center;
    }

    .soft {
      color: var(--ink);
    }

    .buttons {
      padding-block-start: 6px;
    }

    details {
      font-size: 13px;
    }

    pre {
      margin: 4px 0;
      padding: 8px;
      border-radius: var(--radius);
      background: var(--surface);
      overflow: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SolutionStrip {
  readonly solution = input.required<Solution | null>();
  readonly step = input('');
  readonly problem = input('');
  /** what differs, in sentences */
  readonly lines = input<readonly string[]>([]);
  readonly counts = input<{ yours: number; solution: number } | null>(null);
  readonly asText = input(false);
  /** true: though the exercise is not passed */
  readonly asked = output<boolean>();
  readonly closed = output();
  readonly textChosen = output<boolean>();

  protected readonly yes = viewChild<ElementRef<HTMLButtonElement>>('yes');
  protected readonly words = computed(() => {
    const counts = this.counts();
    if (!counts) return 'It has no trace of this request.';
    return `Yours has ${counts.yours} spans, the solution's ${counts.solution}.`;
  });
  protected readonly code = computed(() => this.solution()?.code ?? []);
  protected readonly codeText = computed(() => shownText(this.code().join('\n'), 200_000));
  protected readonly line = (text: string) => shownLine(text, 200);
  protected readonly text = (text: string) => shownText(text, 4_000);

  constructor() {
    const injector = inject(Injector);
    effect(() => {
      // A question that a key has raised is answered with the keyboard.
      if (this.solution()?.state !== 'hidden') return;
      afterNextRender(() => this.yes()?.nativeElement.focus(), { injector });
    });
  }
}
