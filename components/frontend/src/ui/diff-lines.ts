// Lines that come and go, as diff writes them; told apart by sign, not by colour alone.
import { html, LitElement } from "lit";
import { t } from "../core/i18n";

const KINDS: Record<string, string> = { "+": "added", "-": "removed", "@": "quiet" };

export class DiffLines extends LitElement {
  static properties = { lines: { attribute: false } };
  lines: string[] = [];

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  render() {
    return html`<div class="scroll diff mono" tabindex="0" role="region"
      aria-label=${t("config.diff")}
    >${this.lines.map((line) => html`<div class=${KINDS[line[0]] ?? ""}>${line || " "}</div>`)}</div>`;
  }
}
customElements.define("diff-lines", DiffLines);
