import { showStartFailure } from './start-failure';

describe('showStartFailure', () => {
  it('tells the visitor, and the console why', () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const error = new Error('config.json answered 404');

    showStartFailure(error);

    expect(document.querySelector('[role=alert]')?.textContent).toContain('could not start');
    expect(log).toHaveBeenCalledWith(error);
    log.mockRestore();
  });
});
