// configuration.yaml: edit it, see what is wrong where it is wrong, see what would change.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { dateTime } from "../core/format";
import { fresh } from "../core/fresh";
import { t } from "../core/i18n";
import { restarted } from "../core/restart";
import { store } from "../core/store";
import type { Schema } from "../core/yaml-schema";
import "../ui/diff-lines";
import { View } from "../ui/view";
import type { Problem, YamlEditor } from "../ui/yaml-editor";
import "../ui/yaml-editor";

interface Plan {
  valid: boolean;
  problems: Problem[];
  diff: string[];
  sections: { section: string; change: string }[];
  restarts: string[];
  restart: boolean;
  digest?: string;
  apart?: { file: string; diff: string[] }[] | null; // with its new secrets in secrets.yaml
}

interface Version {
  id: string;
  until: number;
  size: number;
}

const CHECK_AFTER_MS = 500;

class ConfigurationView extends View {
  static properties = {
    loaded: { state: true }, refused: { state: true }, problems: { state: true },
    plan: { state: true }, said: { state: true }, versions: { state: true },
    going: { state: true }, apart: { state: true },
  };
  private text = "";
  private digest = "";
  private loaded = false;
  private refused = "";
  private problems: Problem[] = [];
  private plan: Plan | null = null;
  private said = "";
  private versions: Version[] = [];
  private chosen: Version | null = null; // whose plan is shown, if it is not that of the editor
  private going = false;
  private apart = true; // whether new secrets go to secrets.yaml
  private schema: Promise<Schema | null> | null = null;
  private timer: number | undefined;

  connectedCallback(): void {
    super.connectedCallback();
    this.schema ??= ask<Schema>("GET", "api/gantry/configuration/schema").catch(() => null);
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
      const found = await fresh(() =>
        ask<{ text: string; digest: string }>("GET", "api/gantry/configuration"),
      );
      this.text = found.text;
      this.digest = found.digest;
      this.refused = "";
      this.loaded = true;
      void this.loadVersions();
    } catch (error) {
      this.refused = error instanceof Error ? error.message : String(error);
    }
  }

  private async loadVersions(): Promise<void> {
    type Answer = { versions: Version[] };
    const found = await ask<Answer>("GET", "api/gantry/configuration/versions").catch(() => null);
    this.versions = found?.versions ?? [];
  }

  protected updated(): void {
    const editor = this.editor;
    if (!editor || editor.dataset.filled) return;
    editor.dataset.filled = "yes";
    editor.label = t("config.editor");
    editor.schema = this.schema;
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
      this.apart = true;
      if (plan.diff.length) this.plan = plan;
      else this.said = t("config.unchanged");
    });
  }

  private async reviewVersion(version: Version): Promise<void> {
    this.said = "";
    await store.attempt(async () => {
      const path = `api/gantry/configuration/versions/${encodeURIComponent(version.id)}/plan`;
      this.plan = await fresh(() => ask<Plan>("POST", path));
      this.chosen = version;
    });
  }

  private leavePlan(): void {
    this.plan = this.chosen = null;
  }

  private async save(restart: boolean): Promise<void> {
    const version = this.chosen;
    const moved = Boolean(this.plan?.apart && this.apart);
    const done = await store.attempt(async () => {
      const saved = await fresh(() => version
        ? ask<{ digest: string }>(
            "POST", `api/gantry/configuration/versions/${encodeURIComponent(version.id)}/restore`,
            { digest: this.plan?.digest })
        : ask<{ digest: string }>(
            "PUT", "api/gantry/configuration",
            { text: this.text, digest: this.digest, apart: moved }));
      this.digest = saved.digest;
      this.said = t("config.saved");
    });
    if (!done) return;
    this.leavePlan();
    if (restart) await this.restart();
    if (!version && !moved) return this.loadVersions(); // it holds what was saved
    await this.load();
    this.editor?.removeAttribute("data-filled");
    this.requestUpdate();
  }

  private async restart(): Promise<void> {
    this.going = true;
    await store.attempt(restarted);
    this.going = false;
  }

  render() {
    return html`<h1 class="page-head">${t("config.title")}</h1>
      ${this.refused ? html`<p class="card row" role="alert"><span class="grow">${this.refused}</span>
        <button type="button" @click=${() => this.load()}>${t("people.again")}</button></p>` : nothing}
      <div role="status">${this.going ? html`<div class="card stack"><p>${t("setup.review.waiting")}</p>
        <progress aria-label=${t("setup.review.waiting")}></progress></div>` : nothing}</div>
      ${this.loaded ? (this.plan ? this.review_(this.plan) : this.edit()) : nothing}`;
  }

  private edit() {
    return html`<p class="quiet lead">${t("config.text")}</p>
      <div class="configuration"><yaml-editor @edit=${this.edited}></yaml-editor>
      <div class="column">
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
      </section>
      ${this.versions.length ? this.former() : nothing}</div></div>`;
  }

  private former() {
    return html`<section class="card stack" aria-labelledby="versions-title">
      <h2 id="versions-title">${t("config.versions")}</h2>
      <p class="quiet">${t("config.versionsText")}</p>
      <ul class="ports">${this.versions.map((version) => {
        const when = dateTime(version.until);
        return html`<li><span class="grow">${t("config.until", { when })}</span>
          <button type="button" class="small" @click=${() => this.reviewVersion(version)}
            aria-label=${t("config.lookAt", { when })}>${t("config.look")}</button></li>`;
      })}</ul></section>`;
  }

  private review_(plan: Plan) {
    const live = plan.sections.map((each) => each.section)
      .filter((section) => !plan.restarts.includes(section)).join(", ");
    const title = this.chosen
      ? t("config.backTo", { when: dateTime(this.chosen.until) }) : t("config.plan");
    return html`<section class="card stack" aria-labelledby="plan-title">
      <h2 id="plan-title">${title}</h2>
      ${plan.apart ? this.secrets() : nothing}
      ${this.lines(plan)}
      ${plan.valid
        ? nothing
        : html`<p class="advice">${t("config.invalidVersion")} ${plan.problems[0]?.message}</p>`}
      ${live ? html`<p>${t("config.live", { sections: live })}</p>` : nothing}
      ${plan.restart
        ? html`<p class="advice">${t("config.restartFor", { sections: plan.restarts.join(", ") })}</p>`
        : nothing}
      <div class="row">${plan.valid && plan.diff.length ? this.saving(plan) : nothing}
        <button type="button" class="plain" @click=${this.leavePlan}>${t("config.back")}</button>
      </div></section>`;
  }

  private secrets() {
    return html`<label class="check advice"><input type="checkbox" .checked=${this.apart}
      @change=${(event: Event) => { this.apart = (event.target as HTMLInputElement).checked; }}>
      ${t("config.apart")}</label>`;
  }

  private lines(plan: Plan) {
    if (plan.apart && this.apart) {
      return plan.apart.map(({ file, diff }) => html`<h3 class="mono">${file}</h3>
        <diff-lines .lines=${diff} .file=${file}></diff-lines>`);
    }
    return plan.diff.length
      ? html`<diff-lines .lines=${plan.diff}></diff-lines>`
      : html`<p>${t("config.unchanged")}</p>`;
  }

  private saving(plan: Plan) {
    return html`${plan.restart
        ? html`<button type="button" class="primary" @click=${() => this.save(true)}>
            ${t("config.saveRestart")}</button>`
        : nothing}
      <button type="button" class=${plan.restart ? "" : "primary"}
        @click=${() => this.save(false)}>${t("app.save")}</button>`;
  }
}

customElements.define("configuration-view", ConfigurationView);
