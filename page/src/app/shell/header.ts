import { ChangeDetectionStrategy, Component, inject, output } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { LabHealth } from '../lab/lab-health';
import { ExerciseMenu } from '../learn/exercise-menu';
import { Icon } from './icon';
import { Theme } from './theme';

/** 48 px: where one is, where one can go, and whether the lab answers. */
@Component({
  selector: 'lab-header',
  imports: [ExerciseMenu, Icon, RouterLink, RouterLinkActive],
  templateUrl: './header.html',
  styleUrl: './header.css',
  host: { role: 'banner' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Header {
  protected readonly health = inject(LabHealth);
  protected readonly theme = inject(Theme);
  /** search and commands are asked for */
  readonly commands = output();
  /** the keys are asked for */
  readonly help = output();
}
