// What will be written, line by line, before it is; then a restart if one is needed.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { fresh } from "../core/fresh";
import { t } from "../core/i18n";
import { restarted } from "../core/restart";
import { store } from "../core/store";
import { because } from "../core/said";
import "../ui/diff-lines";
import { wishes, type Present } from "./draft";
import { StepView } from "./step";

interface Plan {
  files: { file: string; diff: string[] }[];
  digest: string;
  restarts: string[];
  restart: boolean;
}

class SetupReview extends StepView {
  static properties = {
    ...StepView.properties, present: { attribute: false }, plan: { state: true },
    refused: { state: true }, waiting: { state: true },
  };
  present: Present | null = null;
  private plan: Plan | null = null;
  private refused = "";
  private waiting = false;

  connectedCallback(): void {
    super.connectedCallback();
    void this.look();
  }

  protected heading = () => t("setup.review.title");
  protected mayGoOn = () => !this.refused && (this.plan !== null || this.nothing) && !this.waiting;
  protected nextLabel = () =>
    this.nothing || !this.plan
      ? t("setup.review.done")
      : this.plan.restart ? t("setup.review.writeRestart") : t("setup.review.write");

  private get wishes(): Record<string, unknown> {
    return wishes(this.draft, this.present!);
  }

  private get nothing(): boolean {
    return !Object.keys(this.wishes).length;
  }

  private async look(): Promise<void> {
    if (this.nothing) return;
    try {
      this.plan = await ask<Plan>("POST", "api/gantry/setup/plan", this.wishes);
    } catch (error) {
      this.refused = because(error);
    }
  }

  protected async finish(): Promise<boolean> {
    const plan = this.plan;
    if (plan === null || this.nothing) return true;
    const body = { ...this.wishes, digest: plan.digest };
    const done = await fresh(() => ask<Plan>("POST", "api/gantry/setup", body));
    if (!done.restart) return true;
    this.waiting = true;
    try {
      await restarted();
    } finally {
      this.waiting = false;
    }
    await store.open();
    return true;
  }

  protected body() {
    if (this.waiting) {
      return html`<div role="status"><p>${t("setup.review.waiting")}</p>
        <progress aria-label=${t("setup.review.waiting")}></progress></div>`;
    }
    if (this.refused) {
      return html`<p>${t("setup.review.refused")}</p><p class="advice">${this.refused}</p>`;
    }
    if (this.nothing) return html`<p>${t("setup.review.nothing")}</p>`;
    if (this.plan === null) return html`<p aria-busy="true">${t("app.loading")}</p>`;
    return html`<p>${t("setup.review.text")}</p>
      ${this.plan.files.map((each) => html`<h2 class="mono">${each.file}</h2>
        ${each.file === "secrets.yaml"
          ? html`<p class="quiet">${t("setup.review.secret")}</p>` : nothing}
        <diff-lines .lines=${each.diff} .file=${each.file}></diff-lines>`)}
      ${this.plan.restart ? html`<p class="advice">${t("config.restart")}</p>` : nothing}`;
  }
}
customElements.define("setup-review", SetupReview);
