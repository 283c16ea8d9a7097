import { ChangeDetectionStrategy, Component, effect, inject } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { LearnLive } from './learn-live';

/** `/learn` leads to the exercise that comes next. A lab that runs alone has none. */
@Component({
  selector: 'lab-learn-home',
  imports: [RouterLink],
  template: `
    <h1>The exercises are not here.</h1>
    <p>This lab runs alone. End it, and start everything together with <code>npm start</code>.</p>
    <p><a class="button" routerLink="/traces">Look at the traces</a></p>
  `,
  styles: `
    :host {
      display: grid;
      gap: 12px;
      padding: 48px 16px;
      justify-items: center;
      text-align: center;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LearnHome {
  constructor() {
    const live = inject(LearnLive);
    const router = inject(Router);
    effect(() => {
      const id = live.current() ?? live.exercises().at(-1)?.id;
      if (id !== undefined) void router.navigate(['/learn', id], { replaceUrl: true });
    });
  }
}
