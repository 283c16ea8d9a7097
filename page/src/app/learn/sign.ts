import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** Drawn, since fonts differ in which signs they have. In a square of 16, with a line of 2. */
const PATHS = {
  pass: 'M3 8.5l3.5 3.5L13 4.5',
  ring: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11',
  full: 'M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6z',
  dot: 'M8 7.5v1',
  waits: 'M3 8h.5M7.8 8h.5M12.5 8h.5',
  answer: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.7 8 9.2 8 10M8 13v.2',
  trouble: 'M8 3v6M8 12.5v.3',
  stale: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3',
  turning: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
  skipped: 'M4 8h8',
} as const;

export type SignName = keyof typeof PATHS;

/** A small sign beside words that say the same; never alone. */
@Component({
  selector: 'lab-sign',
  host: { '[class.turning]': "name() === 'turning'" },
  template: `<svg viewBox="0 0 16 16" aria-hidden="true" [class]="name()"><path [attr.d]="path()" /></svg>`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }

    svg {
      inline-size: 16px;
      block-size: 16px;
      fill: none;
      stroke: currentcolor;
      stroke-width: 2;
      stroke-linecap: round;
      stroke-linejoin: round;
    }

    .full {
      fill: currentcolor;
    }

    @media (prefers-reduced-motion: no-preference) {
      /* The box and not what is drawn in it: only that turns without the page's own thread. */
      :host(.turning) {
        animation: turn 1.2s linear infinite;
      }
    }

    @keyframes turn {
      to {
        rotate: 1turn;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Sign {
  readonly name = input.required<SignName>();
  protected readonly path = computed(() => PATHS[this.name()]);
}
