import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { KeysHelp } from './keys/keys-help';
import { Header } from './shell/header';

@Component({
  selector: 'lab-root',
  imports: [Header, KeysHelp, RouterOutlet],
  template: `
    <lab-header (help)="help.open()" />
    <main id="main" tabindex="-1"><router-outlet /></main>
    <lab-keys-help #help />
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
