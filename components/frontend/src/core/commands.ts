// The commands that a console can complete: the firmware's, Gantry's, and the macros.
import { language } from "./i18n";
import { store } from "./store";

type Texts = Record<string, string>;

const firmware: Record<string, () => Promise<{ default: Texts }>> = {
  en: () => import("../locale/commands.en.json"),
  de: () => import("../locale/commands.de.json"),
};

export async function commands(): Promise<Texts> {
  const [known, own] = await Promise.all([
    (firmware[language] ?? firmware.en)(),
    store.call<Texts>("printer.gcode.help").catch((): Texts => ({})),
  ]);
  return { ...own, ...known.default };
}

export const matching = (all: Texts, text: string, most: number): [string, string][] => {
  const wanted = text.trim().toUpperCase();
  if (!wanted || /\s/.test(text.trim())) return [];
  return Object.entries(all)
    .filter(([name]) => name.startsWith(wanted) && name !== wanted)
    .slice(0, most);
};
