import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { labProblem } from '../lab/lab-api';
import { LearnApi } from './learn-api';
import type { Question } from './shapes';

/** The exercise's question. The answer goes into answers.json, which the learner may as well edit by hand. */
@Component({
  selector: 'lab-question',
  template: `
    <h2 id="question">Your answer</h2>
    <form (submit)="send(); $event.preventDefault()">
      <label for="answer">{{ sentence() }}</label>
      <div class="row">
        <input
          #box
          id="answer"
          class="field"
          autocomplete="off"
          spellcheck="false"
          [value]="draft()"
          [disabled]="question().problem !== null"
          (input)="draft.set(box.value)"
        />
        <button type="submit" class="button" [disabled]="question().problem !== null">
          Write it down
        </button>
      </div>
    </form>
    <p class="said" role="status">
      @if (question().problem; as problem) {
        {{ problem }} Mend it in your editor: nothing is lost.
        <button type="button" class="button" (click)="opened.emit()">Open answers.json</button>
      } @else if (refused()) {
        {{ refused() }}
      } @else if (before() !== undefined) {
        It stands in answers.json now.
        <button type="button" class="button" (click)="undo()">Undo</button>
      }
    </p>
  `,
  styles: `
    :host {
      display: block;
      padding: 12px;
      border: 1px solid var(--line-strong);
      border-radius: var(--radius);
    }

    form {
      display: grid;
      gap: 6px;
      margin-block-start: 4px;
    }

    .row {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }

    .field {
      flex: 1 1 120px;
      min-inline-size: 0;
    }

    .said:not(:empty) {
      margin-block-start: 8px;
      font-size: 13px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QuestionForm {
  readonly question = input.required<Question>();
  /** answers.json itself is asked for */
  readonly opened = output();
  readonly written = output();

  readonly #api = inject(LearnApi);
  protected readonly field = viewChild.required<ElementRef<HTMLInputElement>>('box');
  readonly #kept = computed(() => textOf(this.question().slots[0]?.value));
  protected readonly draft = linkedSignal(() => this.#kept());
  protected readonly changed = computed(() => this.draft().trim() !== this.#kept());
  /** what stood there before the last writing; undefined: nothing was written */
  protected readonly before = signal<string | number | null | undefined>(undefined);
  protected readonly refused = signal('');
  protected readonly sentence = computed(() => {
    const { text } = this.question();
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}?`;
  });

  focus(): void {
    this.field().nativeElement.scrollIntoView({ block: 'center' });
    this.field().nativeElement.focus({ preventScroll: true });
  }

  protected async send(): Promise<void> {
    // No disabled button says so: Enter right after typing would find it disabled still, and do nothing.
    if (!this.changed()) return;
    const before = this.question().slots[0]?.value ?? null;
    const text = this.draft().trim();
    if (!(await this.#write(text === '' ? null : text))) return;
    this.before.set(typeof before === 'number' || before === null ? before : textOf(before));
  }

  protected async undo(): Promise<void> {
    const before = this.before();
    if (before === undefined || !(await this.#write(before))) return;
    this.draft.set(textOf(before));
    this.before.set(undefined);
  }

  async #write(value: string | number | null): Promise<boolean> {
    const slot = this.question().slots[0]?.key;
    if (slot === undefined) return false;
    try {
      await this.#api.answer(slot, value);
      this.refused.set('');
      this.written.emit();
      return true;
    } catch (error) {
      const { text: said, stopped } = labProblem(error);
      this.refused.set(stopped ? 'The lab does not answer. Start it again with npm start.' : said);
      return false;
    }
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
