// A question of the printer: a dialog that is there as long as the question is.
import { html, nothing, type PropertyValues } from "lit";
import { ask } from "../core/api";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { View } from "./view";

class PrinterPrompt extends View {
  private put = ""; // away by a person, until the printer asks another or waits once more
  private waited = false;

  protected updated(_changed: PropertyValues): void {
    const dialog = this.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
  }

  private answer(button: number): void {
    const wish = () => ask("POST", "api/gantry/prompt", { button });
    // Not every firmware says that its question is answered.
    void store.attempt(wish).then((done) => done && this.away());
  }

  private away(): void {
    this.put = store.info?.prompt?.text ?? "";
    store.changed();
  }

  render() {
    const prompt = store.info?.prompt;
    const waits = store.info?.waiting_for_user ?? false;
    if (!prompt || (waits && !this.waited)) this.put = "";
    this.waited = waits;
    if (!prompt || prompt.text === this.put) return nothing;
    const buttons = prompt.buttons.length ? prompt.buttons : ["OK"];
    return html`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${t("prompt.title")}</h2>
      <p class="prompt-text">${prompt.text}</p>
      <div class="row end">
        ${store.may("CONTROL")
          ? buttons.map((label, index) => html`<button
              type="button" class=${index ? "" : "primary"} @click=${() => this.answer(index)}
            >${label}</button>`)
          : html`<button type="button" @click=${this.away}>${t("app.dismiss")}</button>`}
      </div>
    </dialog>`;
  }
}
customElements.define("printer-prompt", PrinterPrompt);
