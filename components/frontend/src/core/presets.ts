// Temperatures for a material: kept where OctoPrint's clients read and write them, too.
import { ask } from "./api";

export interface Preset {
  name: string;
  extruder: number | null; // °C; null: left as it is
  bed: number | null;
  chamber: number | null;
}

interface Settings {
  temperature: { profiles: Preset[] };
}

export const presets = async (): Promise<Preset[]> =>
  (await ask<Settings>("GET", "api/settings")).temperature.profiles;

export const savePresets = (profiles: Preset[]): Promise<unknown> =>
  ask("POST", "api/settings", { temperature: { profiles } });
