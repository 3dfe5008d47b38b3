// Sentences that the server says in English, in the reader's language: found by their code
// (the rule of a finding, "fault") and form. What is not known stays as it was said.
import { language } from "./i18n";
import { store } from "./store";

type Forms = Record<string, [string, string][]>;
type Load = () => Promise<{ default: Forms }>;

const loads: Record<string, Load> = {
  de: () => import("../locale/said.de.json") as unknown as ReturnType<Load>,
};
const known: Record<string, Forms> = {};

export function said(code: string, text: string): string {
  if (!(language in loads)) return text;
  const forms = known[language];
  if (forms === undefined) {
    const wanted = language;
    known[wanted] = {};
    void loads[wanted]().then((found) => {
      known[wanted] = found.default;
      store.changed();
    });
    return text;
  }
  for (const [form, sentence] of forms[code] ?? []) {
    const match = new RegExp(`^${form}$`, "su").exec(text);
    if (match) return sentence.replace(/\{(\d)\}/g, (_whole, index) => match[index] ?? "");
  }
  return text;
}

export const fault = (text: string | null | undefined): string => said("fault", text ?? "");
