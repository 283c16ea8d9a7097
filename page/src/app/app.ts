import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { Header } from './shell/header';

@Component({
  selector: 'lab-root',
  imports: [Header, RouterOutlet],
  template: `
    <lab-header />
    <main id="main" tabindex="-1"><router-outlet /></main>
  `,
  styles: `
    main {
      min-block-size: 0;
      overflow: auto;
      outline: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {}
