import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** Drawn with a line of 2 in a square of 24. */
const PATHS = {
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  sun: 'M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  moon: 'M20 14A8.5 8.5 0 1 1 10 4a7 7 0 0 0 10 10z',
  system: 'M3 5h18v11H3zM9 20h6M12 16v4',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.5 15.5L20 20',
  help: 'M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2M12 17.2v.2M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  compare: 'M5 4v16M19 4v16M9 8h6M9 12h6M9 16h6',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  text: 'M4 6h16M4 11h12M4 16h16M4 21h9',
  open: 'M4 7h6l2 3h8v10H4z',
  warning: 'M12 4L3 20h18zM12 10v4M12 17v.2',
} as const;

export type IconName = keyof typeof PATHS;

/** A small picture beside words, or in a button that has a name. Never alone: screen readers do not see it. */
@Component({
  selector: 'lab-icon',
  template: `<svg viewBox="0 0 24 24" aria-hidden="true"><path [attr.d]="path()" /></svg>`,
  styles: `
    :host {
      display: inline-flex;
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
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => PATHS[this.name()]);
}
