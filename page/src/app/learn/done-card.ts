import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Prose } from './prose';
import type { ListedExercise, ReportedTrace, Verdict } from './shapes';
import { Sign } from './sign';
import { TracePicture } from './trace-picture';

/** An exercise that is passed: the learner's own trace before and now, what was learnt, and the next one. */
@Component({
  selector: 'lab-done-card',
  imports: [Prose, RouterLink, Sign, TracePicture],
  template: `
    <h2><lab-sign name="pass" /> Passed</h2>
    @if (now(); as trace) {
      <div class="pictures">
        <lab-trace-picture label="Before" [trace]="before()" />
        <lab-trace-picture label="Now" [trace]="trace" />
      </div>
      @if (verdict()?.before) {
        <p>
          <button type="button" class="button" (click)="compared.emit()">Look at the trace before</button>
        </p>
      }
    }
    <lab-prose [html]="html()" (file)="file.emit($event)" (term)="term.emit($event)" />
    @if (next(); as exercise) {
      <p>
        <a class="button go" [routerLink]="['/learn', exercise.id]">
          Next: {{ exercise.id }} · {{ exercise.title }}
        </a>
      </p>
    } @else if (allDone()) {
      <p><strong>All exercises are done.</strong> Murmur tells now what it does: its traces are yours to look at.</p>
      <p><a class="button go" routerLink="/traces">Look at the traces</a></p>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 10px;
      padding: 12px;
      border: 1px solid var(--good);
      border-radius: var(--radius);
    }

    h2 {
      color: var(--good);
    }

    .pictures {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 12px;
      align-items: end;
    }

    .go {
      max-inline-size: 100%;
      min-block-size: 36px;
      border-color: var(--accent);
      white-space: normal;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DoneCard {
  /** done.md */
  readonly html = input.required<string>();
  readonly verdict = input.required<Verdict | null>();
  /** null: none is left */
  readonly next = input.required<ListedExercise | null>();
  readonly allDone = input(false);
  readonly compared = output();
  readonly file = output<string>();
  readonly term = output<{ name: string; at: HTMLElement }>();

  protected readonly now = computed(() => {
    const exercise = this.verdict()?.exercise;
    if (exercise?.verdict !== 'pass') return null;
    return exercise.traces.find(({ traceId }) => traceId === exercise.shown?.traceId) ?? null;
  });
  /** Before the first pass nothing may have been seen at all: an empty picture says so. */
  protected readonly before = computed<ReportedTrace>(
    () => this.verdict()?.before?.trace ?? { traceId: '', spans: [], omitted: 0 },
  );
}
