// configuration.yaml: edit it, see what is wrong where it is wrong, see what would change.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { View } from "../ui/view";
import type { Problem, YamlEditor } from "../ui/yaml-editor";
import "../ui/yaml-editor";

interface Plan {
  valid: boolean;
  problems: Problem[];
  diff: string[];
  sections: { section: string; change: string }[];
  restart: boolean;
}

const CHECK_AFTER_MS = 500;

class ConfigurationView extends View {
  static properties = {
    loaded: { state: true }, refused: { state: true }, problems: { state: true },
    plan: { state: true }, said: { state: true },
  };
  private text = "";
  private digest = "";
  private loaded = false;
  private refused = "";
  private problems: Problem[] = [];
  private plan: Plan | null = null;
  private said = "";
  private timer: number | undefined;

  connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  private get editor(): YamlEditor | null {
    return this.querySelector<YamlEditor>("yaml-editor");
  }

  private async load(): Promise<void> {
    try {
      const found = await ask<{ text: string; digest: string }>("GET", "api/gantry/configuration");
      this.text = found.text;
      this.digest = found.digest;
      this.loaded = true;
    } catch (error) {
      this.refused = error instanceof Error ? error.message : String(error);
    }
  }

  protected updated(): void {
    const editor = this.editor;
    if (!editor || editor.dataset.filled) return;
    editor.dataset.filled = "yes";
    editor.label = t("config.editor");
    editor.value = this.text;
    editor.show(this.problems);
  }

  private edited(): void {
    this.said = "";
    this.text = this.editor?.value ?? this.text;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(), CHECK_AFTER_MS);
  }

  private async check(): Promise<void> {
    const text = this.text;
    try {
      const found = await ask<Plan>("POST", "api/gantry/configuration/check", { text });
      if (text !== this.text) return;
      this.problems = found.problems;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const line = Number(/^line (\d+)/.exec(message)?.[1] ?? 1);
      this.problems = [{ file: "configuration.yaml", line, column: 1, message, hint: null }];
    }
    this.editor?.show(this.problems);
  }

  private async review(): Promise<void> {
    this.said = "";
    await store.attempt(async () => {
      const plan = await ask<Plan>("POST", "api/gantry/configuration/plan", { text: this.text });
      this.problems = plan.problems;
      this.editor?.show(plan.problems);
      if (!plan.valid) return;
      if (plan.diff.length) this.plan = plan;
      else this.said = t("config.unchanged");
    });
  }

  private async save(restart: boolean): Promise<void> {
    await store.attempt(async () => {
      const body = { text: this.text, digest: this.digest };
      const saved = await ask<{ digest: string }>("PUT", "api/gantry/configuration", body);
      this.digest = saved.digest;
      this.plan = null;
      this.said = t("config.saved");
      if (restart) await store.call("server.restart");
    });
  }

  render() {
    return html`<h1 class="page-head">${t("config.title")}</h1>
      ${this.refused ? html`<p class="card" role="alert">${t("people.stale")}
        <span class="quiet">(${this.refused})</span>
        <button type="button" @click=${() => store.leave()}>${t("people.again")}</button></p>` : nothing}
      ${this.loaded ? (this.plan ? this.review_(this.plan) : this.edit()) : nothing}`;
  }

  private edit() {
    return html`<p class="quiet lead">${t("config.text")}</p>
      <yaml-editor @edit=${this.edited}></yaml-editor>
      <section class="card stack" aria-labelledby="problems-title">
        <h2 id="problems-title">${t("config.problems")}</h2>
        <div role="status">${this.problems.length
          ? html`<ul class="findings">${this.problems.map((problem) => html`<li>
              <button type="button" class="plain problem" @click=${() => this.editor?.go(problem.line)}>
                ${t("config.problem", { line: problem.line, message: problem.message })}
                ${problem.hint ? html`<span class="quiet">${problem.hint}</span>` : nothing}
              </button></li>`)}</ul>`
          : html`<p><span class="badge good">✓</span> ${t("config.valid")}</p>`}</div>
        <div class="row">
          <button type="button" class="primary" ?disabled=${this.problems.length > 0}
            @click=${this.review}>${t("config.review")}</button>
          <span role="status">${this.said}</span></div>
      </section>`;
  }

  private review_(plan: Plan) {
    const sections = plan.sections.map((each) => each.section).join(", ");
    return html`<section class="card stack" aria-labelledby="plan-title">
      <h2 id="plan-title">${t("config.plan")}</h2>
      <div class="scroll diff mono" tabindex="0" role="region" aria-label=${t("config.diff")}>
        ${plan.diff.map((line) => html`<div class=${KINDS[line[0]] ?? ""}>${line || " "}</div>`)}
      </div>
      ${sections ? html`<p>${t("config.sections", { sections })}</p>` : nothing}
      ${plan.restart ? html`<p class="advice">${t("config.restart")}</p>` : nothing}
      <div class="row">
        ${plan.restart
          ? html`<button type="button" class="primary" @click=${() => this.save(true)}>
              ${t("config.saveRestart")}</button>`
          : nothing}
        <button type="button" class=${plan.restart ? "" : "primary"}
          @click=${() => this.save(false)}>${t("app.save")}</button>
        <button type="button" class="plain" @click=${() => (this.plan = null)}>
          ${t("config.back")}</button>
      </div></section>`;
  }
}

const KINDS: Record<string, string> = { "+": "added", "-": "removed", "@": "quiet" };

customElements.define("configuration-view", ConfigurationView);
