// Sentences that the server says in English, in the reader's language: found by their code
// (the rule of a finding, "fault", "refusal") and form. What is not known stays as it was said.
import { sentences } from "./i18n";

const LONGEST = 4000; // of what was printed by somebody else no sentence is known

export function said(code: string, text: string): string {
  if (text.length > LONGEST) return text;
  for (const [form, sentence] of sentences[code] ?? []) {
    const match = new RegExp(`^(?:${form})$`, "su").exec(text);
    // {1} is what stood there, {=1} a sentence itself.
    if (match) {
      return sentence.replace(/\{(=?)(\d)\}/g, (_whole, inner: string, index: string) => {
        const value = match[Number(index)] ?? "";
        return inner ? said(code, value) : value;
      });
    }
  }
  return text;
}

export const fault = (text: string | null | undefined): string => said("fault", text ?? "");
// What the server gave a name, where nobody else did.
export const named = (name: string): string => said("name", name);
export const refusal = (text: string | null | undefined): string => said("refusal", text ?? "");

// What went wrong, for a person.
export const because = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
