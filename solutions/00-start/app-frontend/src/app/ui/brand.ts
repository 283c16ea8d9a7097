import { Component } from '@angular/core';

/** Murmur's name with its flock of birds. */
@Component({
  selector: 'app-brand',
  template: `
    <svg viewBox="0 0 32 26" aria-hidden="true" focusable="false">
      <path d="M3 13q4-5.500 8 0q4-5.500 8 0" />
      <path d="M14 22q3.500-4.500 7 0q3.500-4.500 7 0" />
      <path class="far" d="M18 6q2.500-3.500 5 0q2.500-3.500 5 0" />
    </svg>
    <span>Murmur</span>
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 0.5rem;
      color: var(--accent);
      font-size: 1.25rem;
      font-weight: 700;
      letter-spacing: -0.02em;
    }

    svg {
      inline-size: 2rem;
      fill: none;
      stroke: currentColor;
      stroke-linecap: round;
      stroke-linejoin: round;
      stroke-width: 2.4;
    }

    .far {
      stroke-opacity: 0.55;
    }
  `,
})
export class Brand {}
