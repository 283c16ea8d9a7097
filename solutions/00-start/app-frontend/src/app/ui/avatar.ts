import { Component, computed, input } from '@angular/core';
import type { User } from '../session/user';

/** A person's initials on a colour of their own. Decoration only: the name stands beside it. */
@Component({
  selector: 'app-avatar',
  template: `{{ initials() }}`,
  host: { 'aria-hidden': 'true', '[style.--hue]': 'hue()' },
  styles: `
    :host {
      display: grid;
      place-items: center;
      flex: none;
      inline-size: var(--avatar-size, 2.75rem);
      block-size: var(--avatar-size, 2.75rem);
      border-radius: 50%;
      background: oklch(0.47 0.085 var(--hue));
      color: oklch(0.98 0.02 var(--hue));
      font-size: calc(var(--avatar-size, 2.75rem) * 0.36);
      font-weight: 600;
      letter-spacing: 0.02em;
      user-select: none;
    }
  `,
})
export class Avatar {
  readonly user = input.required<User>();

  protected readonly initials = computed(() =>
    this.user()
      .name.split(/\s+/)
      .filter((_, index, words) => index === 0 || index === words.length - 1)
      .map((word) => [...word][0]?.toUpperCase() ?? '')
      .join(''),
  );

  /** Neighbouring ids get distant hues: 137.5 degrees is the golden angle. */
  protected readonly hue = computed(() => Math.round((Number(this.user().id) * 137.5) % 360) || 0);
}
