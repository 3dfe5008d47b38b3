// The macros of the configuration, and running one.
import { ask } from "./api";

export interface Macro {
  name: string;
  title: string;
  description: string;
  parameters: { name: string; default: string | null; description: string }[];
}

export const macros = async (): Promise<Macro[]> =>
  (await ask<{ macros: Macro[] }>("GET", "api/gantry/macros")).macros;

// Ends when the printer has done all of it.
export const runMacro = (name: string, parameters: Record<string, string>): Promise<unknown> =>
  ask("POST", "api/gantry/macros", { name, parameters });
