import { computed, effect, Injectable, signal } from '@angular/core';
import type { IconName } from './icon';

export type ThemeChoice = 'as the system' | 'light' | 'dark';

const CHOICES: ThemeChoice[] = ['as the system', 'light', 'dark'];
const SCHEMES: Record<ThemeChoice, string> = { 'as the system': 'light dark', light: 'light', dark: 'dark' };
const ICONS: Record<ThemeChoice, IconName> = { 'as the system': 'system', light: 'sun', dark: 'moon' };
const KEY = 'lab.theme';

/** Light or dark. Each colour is one `light-dark()` in styles.css, so a choice is one property of the root element. */
@Injectable({ providedIn: 'root' })
export class Theme {
  readonly #choice = signal<ThemeChoice>(kept());
  readonly choice = this.#choice.asReadonly();
  readonly icon = computed(() => ICONS[this.#choice()]);

  constructor() {
    effect(() => {
      document.documentElement.style.colorScheme = SCHEMES[this.#choice()];
    });
  }

  next(): void {
    const choice = CHOICES[(CHOICES.indexOf(this.#choice()) + 1) % CHOICES.length] ?? 'as the system';
    this.#choice.set(choice);
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // A browser that keeps nothing: the choice holds until the page is left.
    }
  }
}

function kept(): ThemeChoice {
  try {
    return CHOICES.find((choice) => choice === localStorage.getItem(KEY)) ?? 'as the system';
  } catch {
    return 'as the system';
  }
}
