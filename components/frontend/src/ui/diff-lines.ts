// Lines that come and go, as diff writes them; told apart by sign, not by colour alone.
import { html, LitElement } from "lit";
import { t } from "../core/i18n";

const KINDS: Record<string, string> = { "+": "added", "-": "removed" };

export class DiffLines extends LitElement {
  static properties = { lines: { attribute: false }, file: {} };
  lines: string[] = [];
  file = "";

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  render() {
    return html`<div class="scroll diff mono" tabindex="0" role="region"
      aria-label=${this.file ? t("config.diffOf", { file: this.file }) : t("config.diff")}
    >${this.lines.map((line) => this.line(line))}</div>`;
  }

  // A long line is broken between its words, not behind its sign.
  private line(line: string) {
    const place = /^@@ .*\+(\d+)/.exec(line);
    if (place) return html`<div class="quiet">${t("lint.line", { line: place[1] })}</div>`;
    const [, indent, text] = /^([-+ ]? *)(.*)$/s.exec(line)!;
    return html`<div class=${KINDS[line[0]] ?? ""}><span class="indent">${indent}</span>${text || " "}</div>`;
  }
}
customElements.define("diff-lines", DiffLines);
