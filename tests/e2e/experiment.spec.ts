/** The reconnect experiment, as a reader starts it from the page. */
import { entryOf, expect, fileOf, quickMock, test } from './fixtures.ts';
import { untilJudged } from './support.ts';

test.describe('with a target that forgets a broken connection', () => {
  test.use({ mockOptions: { ...quickMock, pace: 1 }, file: { text: (mock) => fileOf(entryOf(mock, 'websocket')) } });

  test('one connection is cut in mid-run; what the run lost is told in words and figures', async ({ page, mock }) => {
    await page.goto('/?view=environments&env=mock');
    const experiment = page.getByRole('region', { name: 'Reconnect experiment' });
    await untilJudged(page, 'mock', 1);
    await experiment.getByRole('button', { name: 'Cut a connection' }).click();
    await expect(experiment.getByRole('button', { name: 'Under way' })).toBeDisabled();
    const result = experiment.getByRole('status');
    await expect(result).toContainText(/LOST ?mock#\d was cut in mid-run and was open again after [\d.]+ s\. \d+ of \d+ expected events were lost: agent_completed, /, { timeout: 15_000 });
    await expect(result).toContainText(/Replayed ?0/);
    await expect(result).toContainText(/Open again ?after/);
    await expect(experiment.getByRole('button', { name: 'Cut a connection' })).toBeEnabled();
    const id = /run (r-\w+)/.exec((await result.textContent()) ?? '')?.[1];
    expect(mock.ledger().runs.find((run) => run.id === id)).toMatchObject({ outcome: 'cut' });
  });
});

test.describe('with one that recovers it', () => {
  test.use({ mockOptions: { ...quickMock, pace: 1, recoveryMs: 30_000 }, file: { text: (mock) => fileOf(entryOf(mock, 'socket.io')) } });

  test('the run resumes, and the claim is told', async ({ page }) => {
    await page.goto('/?view=environments&env=mock');
    const experiment = page.getByRole('region', { name: 'Reconnect experiment' });
    await untilJudged(page, 'mock', 1);
    await experiment.getByRole('button', { name: 'Cut a connection' }).click();
    const result = experiment.getByRole('status');
    await expect(result).toContainText(/RESUMED ?mock#\d was cut in mid-run .* The run resumed without loss: all \d+ expected events came/, { timeout: 15_000 });
    await expect(result).toContainText(/Target claimed ?session recovered/);
  });
});
