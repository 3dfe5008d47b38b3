// Texts by key. English is built in, other languages are loaded when somebody reads them,
// and so are the texts of administration when somebody goes there.
import type administration from "../locale/admin/en.json";
import english from "../locale/en.json";
import type devices from "../locale/devices/en.json";
import type files from "../locale/files/en.json";
import type fleet from "../locale/fleet/en.json";

export type Key =
  | keyof typeof english | keyof typeof administration
  | keyof typeof devices | keyof typeof files | keyof typeof fleet;
type Catalogue = Partial<Record<Key, string>>;
type Load = () => Promise<{ default: Catalogue }>;
type Sentences = Record<string, [form: string, sentence: string][]>; // see said.ts
type LoadSentences = () => Promise<{ default: Sentences }>;

const STORED = "gantry.language";
const others: Record<string, Load> = {
  de: () => import("../locale/de.json") as ReturnType<Load>,
};
const parts: Record<string, Record<string, Load>> = {
  admin: {
    en: () => import("../locale/admin/en.json") as ReturnType<Load>,
    de: () => import("../locale/admin/de.json") as ReturnType<Load>,
  },
  devices: {
    en: () => import("../locale/devices/en.json") as ReturnType<Load>,
    de: () => import("../locale/devices/de.json") as ReturnType<Load>,
  },
  files: {
    en: () => import("../locale/files/en.json") as ReturnType<Load>,
    de: () => import("../locale/files/de.json") as ReturnType<Load>,
  },
  fleet: {
    en: () => import("../locale/fleet/en.json") as ReturnType<Load>,
    de: () => import("../locale/fleet/de.json") as ReturnType<Load>,
  },
};
const loadsOfSentences: Record<string, LoadSentences> = {
  de: () => import("../locale/said.de.json") as unknown as ReturnType<LoadSentences>,
};
export const languages: Record<string, string> = { en: "English", de: "Deutsch" };

const wanted = new Set<string>();
let loading: Promise<void> = Promise.resolve();
let catalogue: Catalogue = english;
export let language = "en";
export let sentences: Sentences = {}; // of the server

export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = catalogue[key] ?? (english as Catalogue)[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

export async function speak(chosen?: string): Promise<void> {
  if (chosen) localStorage.setItem(STORED, chosen);
  const liked = chosen ?? localStorage.getItem(STORED) ?? navigator.language.slice(0, 2);
  language = liked in languages ? liked : "en";
  await reload();
  document.documentElement.lang = language;
}

// Have the texts of a part of the page as well, now and in languages chosen later.
export async function extend(part: keyof typeof parts): Promise<void> {
  if (wanted.has(part)) return loading;
  wanted.add(part);
  try {
    await reload();
  } catch (error) {
    wanted.delete(part);
    throw error;
  }
}

// One after the other, so that no older load ends last.
function reload(): Promise<void> {
  loading = loading.catch(() => undefined).then(load);
  return loading;
}

async function load(): Promise<void> {
  const loads = [...wanted].map((part) => parts[part][language]);
  if (language in others) loads.unshift(others[language]);
  const [found, said] = await Promise.all([
    Promise.all(loads.map((each) => each())), loadsOfSentences[language]?.(),
  ]);
  sentences = said?.default ?? {};
  catalogue = Object.assign({}, english, ...found.map((each) => each.default));
}
