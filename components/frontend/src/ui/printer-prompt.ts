// A question of the printer: a dialog that is there as long as the question is.
import { html, nothing, type PropertyValues } from "lit";
import { t } from "../core/i18n";
import { store } from "../core/store";
import "./printer-question";
import { View } from "./view";

class PrinterPrompt extends View {
  private put = ""; // away by a person, until the printer asks another or waits once more
  private waited = false;

  protected updated(_changed: PropertyValues): void {
    const dialog = this.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
  }

  private away(): void {
    this.put = store.info?.prompt?.text ?? "";
    store.changed();
  }

  render() {
    const { info } = store;
    const prompt = info?.prompt;
    const waits = info?.waiting_for_user ?? false;
    if (!prompt || (waits && !this.waited)) this.put = "";
    this.waited = waits;
    if (!prompt || prompt.text === this.put) return nothing;
    return html`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${t("prompt.title")}</h2>
      <printer-question .printer=${info} @answered=${({ detail: done }: CustomEvent<boolean>) =>
        done && this.away()}></printer-question>
      ${store.may("CONTROL")
        ? nothing
        : html`<div class="row"><button type="button" @click=${this.away}>
            ${t("app.dismiss")}</button></div>`}
    </dialog>`;
  }
}
customElements.define("printer-prompt", PrinterPrompt);
