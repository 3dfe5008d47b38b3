// Asks a person to decide, and waits for the answer. What Escape leaves is null, and the
// focus begins where nothing is lost.
import { html, LitElement, nothing } from "lit";
import { t } from "../core/i18n";

export interface Question<Answer extends string> {
  title: string;
  text: string;
  list?: string[]; // what it is about
  answers: [Answer, string, string?][]; // each with its label and the kind of its button
  leave?: string; // instead of "Cancel"
  all?: string; // offers to give the answer to all of this kind, too
}

export interface Decision<Answer extends string> {
  answer: Answer | null; // null: nothing of it
  all: boolean;
}

const SHOWN = 8; // of a list

class QuestionDialog extends LitElement {
  static properties = { question: { attribute: false } };
  question!: Question<string>;
  settle: (decision: Decision<string>) => void = () => undefined;

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  protected firstUpdated(): void {
    this.querySelector("dialog")!.showModal();
    this.querySelector<HTMLElement>(".leave")!.focus();
  }

  private end(answer: string | null): void {
    const all = this.querySelector<HTMLInputElement>("input")?.checked ?? false;
    this.querySelector("dialog")!.close(); // and the focus is where it was
    this.settle({ answer, all });
    this.remove();
  }

  render() {
    const { title, text, list = [], answers, leave = t("app.cancel"), all } = this.question;
    return html`<dialog aria-labelledby="question-title" aria-describedby="question-text"
      @cancel=${() => this.end(null)}><div class="stack">
        <h2 id="question-title">${title}</h2>
        <p id="question-text">${text}</p>
        ${list.length
          ? html`<ul class="listed">${list.slice(0, SHOWN).map((each) => html`<li>${each}</li>`)}
              ${list.length > SHOWN ? html`<li>…</li>` : nothing}</ul>`
          : nothing}
        ${all ? html`<label class="check"><input type="checkbox"> ${all}</label>` : nothing}
        <div class="row end">
          <button type="button" class="plain leave" @click=${() => this.end(null)}>
            ${leave}</button>
          ${answers.map(([answer, label, kind = ""]) => html`<button type="button" class=${kind}
            @click=${() => this.end(answer)}>${label}</button>`)}
        </div></div></dialog>`;
  }
}
customElements.define("question-dialog", QuestionDialog);

export function decide<Answer extends string>(
  question: Question<Answer>,
): Promise<Decision<Answer>> {
  const dialog = document.createElement("question-dialog") as QuestionDialog;
  const decided = new Promise<Decision<string>>((resolve) => (dialog.settle = resolve));
  dialog.question = question;
  document.body.append(dialog);
  return decided as Promise<Decision<Answer>>;
}
