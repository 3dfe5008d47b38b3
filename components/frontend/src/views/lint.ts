// What was found in a file, for this printer; and the way to print it all the same.
import { html, nothing, type PropertyValues } from "lit";
import { ask } from "../core/api";
import { t } from "../core/i18n";
import { said } from "../core/said";
import { store } from "../core/store";
import "../ui/hold-button";
import { View } from "../ui/view";

interface Finding {
  rule: string;
  severity: "info" | "warn" | "block";
  message: string;
  line: number | null;
}

const AGAIN_MS = 1500;
const TONES = { info: "busy", warn: "waiting", block: "bad" };

class LintFindings extends View {
  static properties = { path: {}, findings: { state: true } };
  path = "";
  private findings: Finding[] | null = null;
  private timer: number | undefined;

  protected willUpdate(changed: PropertyValues): void {
    if (changed.has("path")) {
      this.findings = null;
      void this.load();
    }
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  private async load(): Promise<void> {
    const path = this.path;
    const query = `api/gantry/lint?path=${encodeURIComponent(path)}`;
    const found = await ask<{ analysed: boolean; findings: Finding[] }>("GET", query).catch(
      () => ({ analysed: true, findings: [] }),
    );
    if (path !== this.path || !this.isConnected) return;
    if (found.analysed) this.findings = found.findings;
    else this.timer = window.setTimeout(() => void this.load(), AGAIN_MS);
  }

  private async force(): Promise<void> {
    const body = { path: this.path, force: true };
    if (await store.attempt(() => ask("POST", "api/gantry/print", body))) {
      location.hash = "#/dashboard";
    }
  }

  render() {
    if (this.findings === null) return html`<p class="quiet" role="status">${t("lint.waiting")}</p>`;
    if (!this.findings.length) return html`<p class="quiet" role="status">${t("lint.clean")}</p>`;
    const blocked = this.findings.some((finding) => finding.severity === "block");
    return html`<ul class="findings" aria-label=${t("lint.title")}>
      ${this.findings.map((finding) => html`<li>
        <span class="badge ${TONES[finding.severity]}">${t(`lint.${finding.severity}`)}</span>
        <span>${said(finding.rule, finding.message)}${finding.line
          ? html` <span class="quiet">${t("lint.line", { line: finding.line })}</span>`
          : nothing}</span></li>`)}
    </ul>
    ${blocked && store.may("PRINT")
      ? html`<p class="pause"><hold-button kind="danger small" .label=${t("lint.force")}
          @confirm=${this.force}></hold-button></p>`
      : nothing}`;
  }
}
customElements.define("lint-findings", LintFindings);
