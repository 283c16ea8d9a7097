import { TestBed } from '@angular/core/testing';
import { Avatar } from './avatar';

describe('Avatar', () => {
  it.each([
    ['Iris Lindqvist', 'IL'],
    ['Ana Sofia Reis', 'AR'],
    ['Cher', 'C'],
  ])('shows the initials of %s', (name, initials) => {
    const fixture = TestBed.createComponent(Avatar);
    fixture.componentRef.setInput('user', { id: '4711', name, handle: 'x' });
    fixture.detectChanges();
    expect(fixture.nativeElement.textContent.trim()).toBe(initials);
  });
});
