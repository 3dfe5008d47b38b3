// What a printer asks of a person, or that it waits for one; and the buttons that answer.
import { html, LitElement, nothing } from "lit";
import { ask } from "../core/api";
import { askPrinter, type Overview } from "../core/fleet";
import { t } from "../core/i18n";
import { store } from "../core/store";

export type Asking = Pick<Overview, "id" | "prompt" | "waiting_for_user">;

export const asks = (printer: Asking | null | undefined): boolean =>
  Boolean(printer?.prompt || printer?.waiting_for_user);

class PrinterQuestion extends LitElement {
  static properties = { printer: { attribute: false }, kind: {} };
  printer!: Asking;
  kind = ""; // of the buttons

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  // Not every firmware says that its question is answered: "answered" tells whoever shows it.
  private wish(path: string, body: object): void {
    const { id } = this.printer;
    const mine = id === store.info?.id;
    void store.attempt(() => mine ? ask("POST", path, body) : askPrinter(id, "POST", path, body))
      .then((done) => this.dispatchEvent(
        new CustomEvent("answered", { bubbles: true, detail: done })));
  }

  render() {
    const { prompt } = this.printer;
    return html`<p class="prompt-text">${prompt ? prompt.text : t("dashboard.waiting")}</p>
      ${store.may("CONTROL") ? html`<div class="row">${this.buttons()}</div>` : nothing}`;
  }

  private buttons() {
    const { prompt } = this.printer;
    if (!prompt) {
      return html`<button type="button" class="${this.kind} primary"
        @click=${() => this.wish("printer/gcode/script", { script: "M108" })}>
        ${t("dashboard.goOn")}</button>`;
    }
    const labels = prompt.buttons.length ? prompt.buttons : ["OK"];
    return labels.map((label, button) => html`<button type="button"
      class="${this.kind} ${button ? "" : "primary"}"
      @click=${() => this.wish("api/gantry/prompt", { button })}>${label}</button>`);
  }
}
customElements.define("printer-question", PrinterQuestion);
