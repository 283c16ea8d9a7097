import { Component } from '@angular/core';

/** Grey shapes in place of posts that are still on their way. */
@Component({
  selector: 'app-skeleton',
  template: `
    <p class="visually-hidden" role="status">Loading</p>
    @for (shape of [1, 2, 3]; track shape) {
      <div class="card" aria-hidden="true">
        <span class="line short"></span>
        <span class="line"></span>
        <span class="line long"></span>
      </div>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--gap);
    }

    .card {
      display: grid;
      gap: 0.75rem;
    }

    .line {
      block-size: 0.75rem;
      inline-size: 70%;
      border-radius: 1rem;
      background: var(--line);
      animation: breathe 1.6s ease-in-out infinite;
    }

    .short {
      inline-size: 35%;
    }

    .long {
      inline-size: 90%;
    }

    @keyframes breathe {
      50% {
        opacity: 0.45;
      }
    }

    @media (prefers-reduced-motion: reduce) {
      .line {
        animation: none;
      }
    }
  `,
})
export class Skeleton {}
