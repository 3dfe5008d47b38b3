// What needs a password given a few minutes ago: asks for it, in place, and goes on.
import { Refusal } from "./api";

const stale = (error: unknown) =>
  error instanceof Refusal && error.status === 403 && /^log in again/.test(error.message);

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
