import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { Session } from '../session/session';
import { API, aNotification, provideTestApi, signInAsIris } from '../testing/murmur';
import { Shell } from './shell';

describe('Shell', () => {
  beforeEach(() => {
    localStorage.clear();
    signInAsIris();
    TestBed.configureTestingModule({ providers: [provideTestApi(), provideRouter([])] });
  });

  async function open() {
    const fixture = TestBed.createComponent(Shell);
    const answer = TestBed.inject(HttpTestingController).expectOne(`${API}/notifications`);
    await fixture.whenStable();
    return { fixture, page: fixture.nativeElement as HTMLElement, answer };
  }

  it('shows who reads, and how many notifications are new', async () => {
    const { fixture, page, answer } = await open();
    expect(page.querySelector('.reader')?.textContent).toContain('Iris Lindqvist');
    expect(page.querySelector('.badge')).toBeNull();

    answer.flush({ notifications: [aNotification({ id: '1' }), aNotification({ id: '2' })] });
    await fixture.whenStable();
    expect(page.querySelector('.badge')?.textContent).toBe('2 new');
  });

  it('works without that number', async () => {
    const { fixture, page, answer } = await open();
    answer.error(new ProgressEvent('error'));
    await fixture.whenStable();
    expect(page.querySelector('.badge')).toBeNull();
    expect(page.querySelector('[role=alert]')).toBeNull();
  });

  it('says nothing about the layout', async () => {
    expect((await open()).page.querySelector('footer')?.textContent).toBe('Murmur');
  });

  it('leaves the focus alone when the page is loaded', async () => {
    const { page } = await open();
    expect(page.contains(document.activeElement)).toBe(false);
  });

  it('takes the focus to its content when somebody comes from signing in', async () => {
    TestBed.inject(Router).navigated = true;
    const { page } = await open();
    expect(document.activeElement).toBe(page.querySelector('main'));
  });

  it('signs out', async () => {
    const { page } = await open();
    const navigate = vi.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    page.querySelector<HTMLButtonElement>('.reader button')?.click();
    expect(TestBed.inject(Session).user()).toBeNull();
    expect(navigate).toHaveBeenCalledExactlyOnceWith(['/sign-in']);
  });
});
