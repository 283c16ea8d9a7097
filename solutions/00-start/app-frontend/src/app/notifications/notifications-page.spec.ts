import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { API, aNotification, provideTestApi, signInAsIris } from '../testing/murmur';
import { NotificationsApi } from './notifications-api';
import { NotificationsPage } from './notifications-page';

describe('NotificationsPage', () => {
  beforeEach(() => {
    localStorage.clear();
    signInAsIris();
    TestBed.configureTestingModule({ providers: [provideTestApi(), provideRouter([])] });
  });

  async function openWith(notifications: unknown[]) {
    const fixture = TestBed.createComponent(NotificationsPage);
    TestBed.tick();
    TestBed.inject(HttpTestingController).expectOne(`${API}/notifications`).flush({ notifications });
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  }

  it('names who published, and leads to the post', async () => {
    const page = await openWith([aNotification()]);
    const link = page.querySelector('li a');
    expect(link?.textContent).toContain('Ben Okafor');
    expect(link?.getAttribute('href')).toBe('/posts/100');
    expect(page.querySelector('li')?.textContent).toContain('The swifts are back.');
  });

  it('counts them as seen', async () => {
    await openWith([aNotification()]);
    expect(TestBed.inject(NotificationsApi).unread()).toBe(0);
  });

  it('says when there is nothing', async () => {
    expect((await openWith([])).textContent).toContain('Nothing new.');
  });
});
