// Texts by key. English is built in, other languages are loaded when somebody reads them.
import english from "../locale/en.json";

export type Key = keyof typeof english;
type Catalogue = Partial<Record<Key, string>>;

const STORED = "gantry.language";
const others: Record<string, () => Promise<{ default: Catalogue }>> = {
  de: () => import("../locale/de.json") as Promise<{ default: Catalogue }>,
};
export const languages: Record<string, string> = { en: "English", de: "Deutsch" };

let catalogue: Catalogue = english;
export let language = "en";

export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = catalogue[key] ?? english[key];
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

export async function speak(wanted?: string): Promise<void> {
  if (wanted) localStorage.setItem(STORED, wanted);
  const liked = wanted ?? localStorage.getItem(STORED) ?? navigator.language.slice(0, 2);
  language = liked in languages ? liked : "en";
  catalogue = language in others ? (await others[language]()).default : english;
  document.documentElement.lang = language;
}
