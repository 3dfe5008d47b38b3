// A print that was lost: the plan to go on, shown before anybody confirms it.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { fileName, number } from "../core/format";
import { t } from "../core/i18n";
import { said } from "../core/said";
import { store } from "../core/store";
import "../ui/hold-button";
import { View } from "../ui/view";

interface Plan {
  job_id: string;
  file: string;
  layer: number | null;
  height_mm: number;
  steps: string[];
  lines: string[];
}

class RecoveryCard extends View {
  static properties = { plan: { state: true } };
  private plan: Plan | null = null;

  private async show(): Promise<void> {
    await store.attempt(async () => {
      this.plan = await ask<Plan>("GET", "api/gantry/recovery");
    });
  }

  private async confirm(plan: Plan): Promise<void> {
    const done = await store.attempt(() =>
      ask("POST", "api/gantry/recovery", { job_id: plan.job_id }),
    );
    if (done) this.plan = null;
  }

  render() {
    const info = store.info;
    const lost = info?.phase === "none" && ["interrupted", "failed"].includes(info.job?.result ?? "");
    if (!lost || !store.may("PRINT")) return nothing;
    const plan = this.plan;
    if (plan === null) {
      return html`<section class="card">
        <h2>${t("recovery.title")}</h2><p>${t("recovery.text")}</p>
        <button type="button" @click=${this.show}>${t("recovery.show")}</button></section>`;
    }
    return html`<section class="card stack" aria-labelledby="recovery-title">
      <h2 id="recovery-title">${t("recovery.title")}</h2>
      <p>${t("recovery.from", {
        file: fileName(plan.file), height: number(plan.height_mm, 2), layer: plan.layer ?? "?",
      })}</p>
      <ol>${plan.steps.map((step) => html`<li>${said("step", step)}</li>`)}</ol>
      <details><summary>${t("recovery.lines")}</summary>
        <pre tabindex="0">${plan.lines.join("\n")}</pre></details>
      <div class="row">
        <hold-button kind="primary" .label=${t("recovery.go")}
          @confirm=${() => this.confirm(plan)}></hold-button>
        <button type="button" class="plain" @click=${() => (this.plan = null)}>
          ${t("app.close")}</button>
      </div></section>`;
  }
}
customElements.define("recovery-card", RecoveryCard);
