// Small things that several cards show or do alike.
import { html, nothing } from "lit";
import { t } from "../core/i18n";

// The file that somebody has chosen; the field can be used again for the same one.
export function chosenFile(event: Event): File | null {
  const field = event.target as HTMLInputElement;
  const file = field.files?.[0] ?? null;
  field.value = "";
  return file;
}

// What is being done, and how much of it is (0..1) where that is known; all of it is not the end.
export const progress = (label: string, share: number | null) => html`<p>${label}</p>
  ${share === null || share >= 1
    ? html`<progress aria-label=${label}></progress>`
    : html`<progress max="1" .value=${share} aria-label=${label}></progress>`}`;

// Why: the first line in the sentence, what a program has printed below it when it is wanted.
export function reason(text: string) {
  const [first, ...others] = text.split("\n");
  return html`${first}${others.length
    ? html`<details><summary>${t("app.details")}</summary><pre class="log-end">${others.join("\n")}</pre></details>`
    : nothing}`;
}
