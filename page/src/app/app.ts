import { ChangeDetectionStrategy, Component, inject, viewChild } from '@angular/core';
import { Router, RouterOutlet } from '@angular/router';
import { Keys } from './keys/keys';
import { KeysHelp } from './keys/keys-help';
import { Header } from './shell/header';
import { addOwnCommands } from './shell/own-commands';
import { Palette } from './shell/palette';

@Component({
  selector: 'lab-root',
  imports: [Header, KeysHelp, Palette, RouterOutlet],
  template: `
    <lab-header (help)="help.open()" (commands)="palette.open()" />
    <main id="main" tabindex="-1"><router-outlet /></main>
    <lab-keys-help #help />
    <lab-palette #palette />
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
export class App {
  protected readonly keysHelp = viewChild.required(KeysHelp);

  constructor() {
    addOwnCommands(() => this.keysHelp().open());
    const router = inject(Router);
    inject(Keys).bind('Everywhere', [
      { keys: ['g t'], words: 'to the traces', run: () => void router.navigateByUrl('/traces') },
      { keys: ['g q'], words: 'to the query', run: () => void router.navigateByUrl('/query') },
      { keys: ['g b'], words: 'to the board', run: () => void router.navigateByUrl('/board') },
      { keys: ['g m'], words: 'to the map', run: () => void router.navigateByUrl('/map') },
      { keys: ['g l'], words: 'to the exercises', run: () => void router.navigateByUrl('/learn') },
    ]);
  }
}
