// Restarts Gantry and waits until it is there again. A running print goes on meanwhile.
import { ask, Refusal } from "./api";
import { fresh } from "./fresh";
import { t } from "./i18n";

const EVERY_MS = 400;
const LONGEST_MS = 180_000;

// Another one after every restart.
export const startedAt = async (): Promise<number> =>
  (await ask<{ started_at: number }>("GET", "api/gantry/health")).started_at;

const pause = () => new Promise((resolve) => setTimeout(resolve, EVERY_MS));

export async function restarted(): Promise<void> {
  const before = await startedAt();
  await fresh(() => ask("POST", "api/gantry/restart"));
  await back(before);
}

// Wait for a server that was not started at ``before``.
export async function back(before: number): Promise<void> {
  const deadline = Date.now() + LONGEST_MS;
  while (Date.now() < deadline) {
    await pause();
    try {
      if ((await startedAt()) !== before) return;
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 0) continue; // nobody there yet
      if ([401, 403].includes(error.status)) return; // back, with other people
      if (error.status < 500) throw error;
    }
  }
  throw new Error(t("app.notBack"));
}
