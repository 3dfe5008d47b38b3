// What everybody wants to know first: how is the printer, how far is the print, how warm.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { loadExtras } from "../core/extras";
import { clock, duration, fileName, percent } from "../core/format";
import { t } from "../core/i18n";
import { completion, stateOf, type State } from "../core/sentence";
import { fault as told } from "../core/said";
import { store } from "../core/store";
import type { Job } from "../core/types";
import "../ui/api-image";
import "../ui/hold-button";
import "../ui/live-camera";
import "../ui/printer-question";
import { sentenceAbout } from "../ui/sentence-about";
import { View } from "../ui/view";
import "./recovery";
import "./temperatures";

const CAMERA = "gantry.camera"; // the one looked at last, in this browser

class DashboardView extends View {
  static properties = { chosen: { state: true } };
  private chosen = localStorage.getItem(CAMERA) ?? "";

  protected willUpdate(): void {
    loadExtras();
  }

  render() {
    const state = stateOf(store.info, store.objects);
    return html`<div class="dashboard">
      <div class="column">
        ${this.hero(state)}
        <recovery-card></recovery-card>
        ${this.camera()}
      </div>
      <div class="column"><temperature-card></temperature-card> <power-card></power-card>
        <sensor-card></sensor-card></div>
    </div>`;
  }

  private hero(state: State) {
    const info = store.info;
    const job = state.job ?? (info?.job?.result ? info.job : null);
    const paused = info?.phase === "paused";
    return html`<section class="card hero ${state.tone}">
      <div class="hero-head">
        ${store.picture
          ? html`<div class="thumb"><api-image .path=${store.picture}
              alt=${t("dashboard.thumbnail")}></api-image></div>`
          : nothing}
        <div class="grow">
          <h1>${sentenceAbout(info?.job?.file, state.sentence)}</h1>
          <p class="hidden" role="status">${state.word}</p>
          ${info?.fault && !state.job
            ? html`<p class="advice">${told(info.fault.message)}
                ${info.fault.advice ? html`<br>${told(info.fault.advice)}` : nothing}</p>`
            : nothing}
          ${info?.waiting_for_user && !info.prompt
            ? html`<printer-question class="advice" .printer=${info}></printer-question>`
            : nothing}
          ${info?.message ? html`<p class="quiet">${t("dashboard.display")} ${info.message}</p>` : nothing}
        </div>
      </div>
      ${state.job ? this.progress(state.job) : nothing}
      ${job && !state.job ? this.last(job) : nothing}
      ${this.buttons(state, paused)}
    </section>`;
  }

  private progress(job: Job) {
    const share = completion(job, store.objects);
    const stats = store.objects.print_stats;
    const layer = stats?.info?.current_layer ?? job.layer;
    const layers = stats?.info?.total_layer ?? job.layers;
    return html`<div class="progress">
        <progress max="1" .value=${share} aria-label=${t("dashboard.progress")}></progress>
        <strong>${percent(share)}</strong></div>
      <dl class="facts">
        <div><dt>${t("dashboard.left")}</dt><dd>${duration(job.left_s)}</dd></div>
        <div><dt>${t("dashboard.done")}</dt>
          <dd>${job.left_s === null ? "–" : clock(Date.now() / 1000 + job.left_s)}</dd></div>
        <div><dt>${t("dashboard.elapsed")}</dt>
          <dd>${duration(stats?.total_duration ?? job.elapsed_s)}</dd></div>
        <div><dt>${t("dashboard.layer")}</dt>
          <dd>${layer ? (layers ? `${layer} / ${layers}` : layer) : "–"}</dd></div>
      </dl>`;
  }

  private last(job: Job) {
    if (job.result === "complete") return nothing; // the sentence has said it
    return html`<p class="quiet">${t("dashboard.last", {
      file: fileName(job.file), time: duration(job.elapsed_s),
    })}${job.cause ? ` ${told(job.cause)}` : ""}</p>`;
  }

  private buttons(state: State, paused: boolean) {
    const info = store.info;
    if (!info || !store.online) return nothing;
    const call = (method: string) => () => store.attempt(() => store.call(method));
    if (state.job && store.may("PRINT")) {
      const moving = info.phase === "printing" || info.phase === "preparing";
      return html`<div class="row">
        ${paused
          ? html`<button type="button" class="primary" @click=${call("printer.print.resume")}>
              ${t("job.resume")}</button>`
          : html`<button type="button" @click=${call("printer.print.pause")} ?disabled=${!moving}>
              ${t("job.pause")}</button>`}
        <hold-button kind="danger" .label=${t("job.cancel")}
          @confirm=${call("printer.print.cancel")}></hold-button>
        <a class="button plain" href="#/layers">${t("dashboard.layers")}</a>
      </div>`;
    }
    if ((info.link === "halted" || info.link === "failed") && store.may("CONTROL")) {
      return html`<div class="row"><button type="button" class="primary"
        @click=${call("printer.firmware_restart")}>${t("printer.reset")}</button></div>`;
    }
    if (info.link === "offline" && store.may("CONNECTION")) {
      const connect = () => ask("POST", "api/connection", { command: "connect" });
      return html`<div class="row"><button type="button" class="primary"
        @click=${() => store.attempt(connect)}>${t("printer.connect")}</button></div>`;
    }
    if (info.link !== "online" || state.job) return nothing;
    const again = info.job?.origin === "local" && info.job.result && store.may("PRINT");
    return html`<div class="row">
      <a class="button primary" href="#/files">${t("dashboard.choose")}</a>
      ${again
        ? html`<button type="button" @click=${() => this.again(info.job!)}>
            ${t("dashboard.again")}</button>`
        : nothing}
    </div>`;
  }

  private again(job: Job): void {
    void store.attempt(() => ask("POST", "api/gantry/print", { path: job.file }));
  }

  private choose(id: string): void {
    this.chosen = id;
    localStorage.setItem(CAMERA, id);
  }

  private camera() {
    const all = store.cameras;
    const camera = all.find((each) => each.id === this.chosen) ?? all[0];
    if (!camera) return nothing;
    return html`<section class="card camera" aria-labelledby="camera-title">
      <h2 id="camera-title" class=${all.length > 1 ? "hidden" : ""}>${camera.name}</h2>
      ${all.length > 1
        ? html`<label class="hidden" for="camera">${t("camera.choose")}</label>
            <select id="camera" class="bare" @change=${(event: Event) =>
            this.choose((event.target as HTMLSelectElement).value)}>
            ${all.map((each) => html`<option value=${each.id}
              ?selected=${each.id === camera.id}>${each.name}</option>`)}</select>`
        : nothing}
      <live-camera .camera=${camera}></live-camera>
    </section>`;
  }
}
customElements.define("dashboard-view", DashboardView);
