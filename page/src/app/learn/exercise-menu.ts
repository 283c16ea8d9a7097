import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  viewChild,
} from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { LearnLive } from './learn-live';
import type { ListedExercise } from './shapes';
import { Sign, type SignName } from './sign';

const STATES: Record<ListedExercise['state'], [sign: SignName, words: string]> = {
  passed: ['pass', 'passed'],
  current: ['full', 'your task now'],
  open: ['ring', 'open'],
  blocked: ['waits', 'later'],
  skipped: ['skipped', 'skipped'],
};

/** The exercises with their states, for the header. Nothing in a lab that runs alone. */
@Component({
  selector: 'lab-exercise-menu',
  imports: [RouterLink, RouterLinkActive, Sign],
  template: `
    @if (rows().length > 0) {
      <button type="button" class="button plain" popovertarget="exercises">
        <span class="track" aria-hidden="true">
          @for (row of rows(); track row.id) {
            <span [class]="row.state"></span>
          }
        </span>
        <span class="visually-hidden">Exercises: </span>
        <span class="number">{{ passed() }} of {{ graded() }}</span>
        <span class="visually-hidden">passed</span>
      </button>
      <nav #list id="exercises" popover aria-label="Exercises">
        <ol>
          @for (row of rows(); track row.id) {
            <li>
              <a
                [routerLink]="['/learn', row.id]"
                routerLinkActive="here"
                ariaCurrentWhenActive="page"
                [class]="row.state"
                (click)="close()"
              >
                <lab-sign class="sign" [name]="row.sign" />
                <span class="number">{{ row.id }}</span>
                <span class="title">{{ row.title }}</span>
                <span class="soft">{{ row.words }}</span>
              </a>
            </li>
          }
        </ol>
      </nav>
    }
  `,
  styles: `
    .track {
      display: flex;
      gap: 2px;
    }

    .track span {
      inline-size: 6px;
      block-size: 12px;
      border: 1px solid var(--line-strong);
      border-radius: 1px;
    }

    .track .passed {
      border-color: var(--good);
      background: var(--good);
    }

    .track .current {
      border-color: var(--accent);
      background: var(--accent);
    }

    nav {
      position: fixed;
      inset: 50px auto auto 8px;
      inline-size: min(440px, calc(100vw - 16px));
      max-block-size: calc(100dvh - 60px);
      margin: 0;
      padding: 6px 0;
      overflow: auto;
      border: 1px solid var(--line-strong);
      border-radius: var(--radius);
      background: var(--raised);
      color: var(--ink);
      box-shadow: var(--shadow);
    }

    ol {
      margin: 0;
      padding: 0;
      list-style: none;
    }

    a {
      display: grid;
      grid-template-columns: 18px 30px minmax(0, 1fr) auto;
      gap: 8px;
      padding: 6px 14px;
      color: inherit;
      text-decoration: none;
    }

    a:hover {
      background: var(--hover);
    }

    a:focus-visible {
      outline-offset: -2px;
    }

    .here {
      background: var(--accent-wash);
    }

    .current .title {
      font-weight: 600;
    }

    .sign {
      align-self: center;
    }

    .passed .sign {
      color: var(--good);
    }

    .current .sign {
      color: var(--accent);
    }

    @media (max-width: 46rem) {
      .track {
        display: none;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ExerciseMenu {
  readonly #live = inject(LearnLive);
  protected readonly panel = viewChild<ElementRef<HTMLElement>>('list');
  protected readonly rows = computed(() =>
    this.#live.exercises().map((exercise) => {
      const [sign, words] = STATES[exercise.state];
      return {
        ...exercise,
        sign,
        words: exercise.optional && exercise.state === 'open' ? 'optional' : words,
      };
    }),
  );
  protected readonly passed = computed(
    () => this.rows().filter(({ state, optional }) => state === 'passed' && !optional).length,
  );
  protected readonly graded = computed(() => this.rows().filter(({ optional }) => !optional).length);

  protected close(): void {
    this.panel()?.nativeElement.hidePopover();
  }
}
