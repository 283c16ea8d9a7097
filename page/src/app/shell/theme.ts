import { computed, effect, Injectable, signal } from '@angular/core';
import type { IconName } from './icon';

export type ThemeChoice = 'as the system' | 'light' | 'dark';

export const THEMES: readonly ThemeChoice[] = ['as the system', 'light', 'dark'];
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
    this.choose(THEMES[(THEMES.indexOf(this.#choice()) + 1) % THEMES.length] ?? 'as the system');
  }

  choose(choice: ThemeChoice): void {
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
    return THEMES.find((choice) => choice === localStorage.getItem(KEY)) ?? 'as the system';
  } catch {
    return 'as the system';
  }
}
