// What needs a password given a few minutes ago: asks for it, in place, and goes on.
import { ask, Refusal } from "./api";

const stale = (error: unknown) =>
  error instanceof Refusal && error.status === 403 && /^log in again/.test(error.text);

export async function fresh<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!stale(error)) throw error;
    const { askForPassword } = await import("../ui/password-dialog");
    if (!(await askForPassword())) throw error;
    return work();
  }
}

// Before a long upload: a refusal in the middle of it would be lost, and the time with it.
export const certain = () => ask("GET", "api/gantry/fresh");
