import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { DoneCard } from './done-card';
import { HintLadder } from './hint-ladder';
import type { FilePlace } from './learn-api';
import { Prose } from './prose';
import { QuestionForm } from './question';
import type { ExerciseDetail, ListedExercise } from './shapes';

/** What is to be read of an exercise: the task, the question, hints, and what was learnt. */
@Component({
  selector: 'lab-task',
  imports: [DoneCard, HintLadder, Prose, QuestionForm],
  template: `
    @let exercise = detail();
    @if (exercise.done; as done) {
      <lab-done-card
        [html]="done"
        [verdict]="exercise.verdict"
        [next]="next()"
        [allDone]="allDone()"
        (compared)="compared.emit()"
        (file)="open($event)"
        (term)="showTerm($event)"
      />
    } @else if (exercise.state === 'blocked') {
      <p class="before">It builds on exercise {{ exercise.waitsFor.join(', ') }}, which comes first.</p>
    }
    <lab-prose #readme [html]="exercise.html" (file)="open($event)" (term)="showTerm($event)" />
    @if (exercise.question; as question) {
      <lab-question
        [question]="question"
        (opened)="open('answers.json')"
        (written)="written.emit()"
      />
    }
    @if (exercise.hints.total > 0) {
      <h2 id="hints" tabindex="-1">Hints</h2>
      <lab-hint-ladder
        [hints]="exercise.hints"
        (asked)="hint.emit()"
        (file)="open($event)"
        (term)="showTerm($event)"
      />
    }
    <div #words popover class="term">
      @if (term(); as word) {
        <h3>{{ word.name }}</h3>
        <lab-prose [html]="word.html" (term)="showTerm($event)" (file)="open($event)" />
      }
    </div>
  `,
  styles: `
    :host {
      position: relative;
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 14px;
      align-content: start;
      min-block-size: 0;
      padding: 12px 14px 28px;
      overflow: auto;
      background: var(--surface);
    }

    .before {
      padding: 8px 12px;
      border-inline-start: 3px solid var(--line-strong);
    }

    #hints {
      outline: none;
    }

    .term {
      position: fixed;
      inset: auto;
      inline-size: min(340px, calc(100vw - 24px));
      margin: 0;
      padding: 10px 14px;
      border: 1px solid var(--line-strong);
      border-radius: var(--radius);
      background: var(--raised);
      color: var(--ink);
      box-shadow: var(--shadow);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Task {
  readonly detail = input.required<ExerciseDetail>();
  readonly next = input.required<ListedExercise | null>();
  readonly allDone = input(false);
  readonly hint = output();
  readonly written = output();
  readonly compared = output();
  readonly opened = output<FilePlace>();

  protected readonly readmePart = viewChild.required<Prose>('readme');
  protected readonly wordPanel = viewChild.required<ElementRef<HTMLElement>>('words');
  protected readonly form = viewChild(QuestionForm);
  readonly #term = signal('');
  protected readonly term = computed(() => this.detail().terms[this.#term()]);

  toHeading(words: string): void {
    this.readmePart().toHeading(words);
  }

  toQuestion(): void {
    this.form()?.focus();
  }

  protected open(path: string): void {
    this.opened.emit({ path });
  }

  /** The meaning of a word, beside the link that asks for it. */
  protected showTerm({ name, at }: { name: string; at: HTMLElement }): void {
    this.#term.set(name);
    if (!this.term()) return;
    const panel = this.wordPanel().nativeElement;
    const { left, bottom, top } = at.getBoundingClientRect();
    panel.style.left = `${Math.max(8, Math.min(left, innerWidth - 356))}px`;
    const below = bottom < innerHeight * 0.65;
    panel.style.top = below ? `${bottom + 6}px` : 'auto';
    panel.style.bottom = below ? 'auto' : `${innerHeight - top + 6}px`;
    panel.showPopover();
  }
}
