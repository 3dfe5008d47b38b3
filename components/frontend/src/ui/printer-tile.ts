// One printer of several: how it is, how far it is, how warm, and what may be wanted at once.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import type { Camera } from "../core/cameras";
import { askPrinter, type Overview } from "../core/fleet";
import { degrees, duration, percent } from "../core/format";
import { t } from "../core/i18n";
import { pictureOfJob } from "../core/pictures";
import { stateOf, type State } from "../core/sentence";
import { store } from "../core/store";
import { fault } from "../core/said";
import "./api-image";
import "./hold-button";
import { asks } from "./printer-question";
import { icon } from "./icons";
import { sentenceAbout } from "./sentence-about";
import "./still-camera";

const NAMES: Record<string, "heater.bed" | "heater.chamber"> = {
  bed: "heater.bed", chamber: "heater.chamber",
};

export class PrinterTile extends LitElement {
  static properties = {
    printer: { attribute: false }, cameras: { attribute: false }, href: {}, picture: { state: true },
  };
  printer!: Overview;
  cameras: Camera[] = [];
  href = "";
  private picture = "";

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  protected willUpdate(changed: PropertyValues): void {
    const { job } = this.printer;
    if (changed.has("printer")) void pictureOfJob(job).then((found) => {
      if (job?.file === this.printer.job?.file) this.picture = found;
    });
  }

  // Asks, and lets the view look again at once.
  private wish(method: string, path: string, body?: unknown): void {
    void store.attempt(() => askPrinter(this.printer.id, method, path, body)).then(this.wished);
  }

  private readonly wished = () => void this.dispatchEvent(new Event("wished", { bubbles: true }));

  render() {
    const printer = this.printer;
    const state = stateOf(printer, {});
    const title = `tile-${printer.id}`;
    return html`<article class="card tile ${state.tone}" aria-labelledby=${title}>
      <div class="tile-head">
        <h2 id=${title}><a href=${this.href}>${printer.name}</a></h2>
        <span class="badge ${state.tone}" role="status">${state.word}</span>
      </div>
      ${this.pictures()}
      <p class="tile-sentence">${sentenceAbout(printer.job?.file, state.sentence)}</p>
      ${state.job ? this.progress(state) : nothing}
      ${this.heaters()} ${this.question()}
      ${printer.fault?.advice ? html`<p class="advice">${fault(printer.fault.advice)}</p>` : nothing}
      ${this.buttons(state)}
    </article>`;
  }

  private pictures() {
    const camera = this.cameras.find((each) => each.snapshot);
    if (!camera && !this.picture) return nothing;
    return html`<div class="tile-view">
      ${camera ? html`<still-camera .camera=${camera}></still-camera>` : nothing}
      ${this.picture
        ? html`<div class="thumb ${camera ? "inset" : ""}"><api-image .path=${this.picture}
            alt=${t("dashboard.thumbnail")}></api-image></div>`
        : nothing}</div>`;
  }

  private progress(state: State) {
    const { completion, left_s: left } = state.job!;
    const share = completion ?? 0;
    return html`<div class="progress">
        <progress max="1" .value=${share} aria-label=${t("fleet.progress", {
          name: this.printer.name })}></progress><strong>${percent(share)}</strong></div>
      ${left === null
        ? nothing
        : html`<p class="quiet small-text">${t("fleet.left", { time: duration(left) })}</p>`}`;
  }

  private heaters() {
    const all = Object.entries(this.printer.heaters);
    const several = all.filter(([name]) => name.startsWith("tool")).length > 1;
    const shown = all.filter(([name]) => /^(tool\d+|bed|chamber)$/.test(name));
    if (!shown.length || this.printer.link !== "online") return nothing;
    const label = (name: string) =>
      name in NAMES ? t(NAMES[name])
        : several ? t("heater.tools", { number: Number(name.slice(4)) + 1 }) : t("heater.tool");
    return html`<dl class="tile-heaters">${shown.map(([name, { actual, target }]) => html`<div>
      <dt>${label(name)}</dt>
      <dd>${degrees(actual)}${target
        ? html` <span class="quiet">→ ${degrees(target)}</span>` : nothing}</dd></div>`)}</dl>`;
  }

  private question() {
    if (!asks(this.printer)) return nothing;
    return html`<printer-question class="advice" role="group" kind="small" .printer=${this.printer}
      aria-label=${t("fleet.asks", { name: this.printer.name })} @answered=${this.wished}
      ></printer-question>`;
  }

  private buttons(state: State) {
    const { link, name, phase } = this.printer;
    const button = (label: string, press: () => void, off = false, kind = "small") => html`<button
      type="button" class=${kind} ?disabled=${off}
      aria-label=${t("fleet.of", { label, name })} @click=${press}>${label}</button>`;
    const post = (path: string, body?: unknown) => () => this.wish("POST", path, body);
    return html`<div class="row tile-buttons">
      ${state.job && store.may("PRINT")
        ? html`${phase === "paused"
              ? button(t("job.resume"), post("printer/print/resume"))
              : button(t("job.pause"), post("printer/print/pause"),
                  phase !== "printing" && phase !== "preparing")}
            <hold-button kind="danger small" .label=${t("job.cancel")}
              .name=${t("fleet.of", { label: t("job.cancel"), name })}
              @confirm=${post("printer/print/cancel")}></hold-button>`
        : nothing}
      ${(link === "halted" || link === "failed") && store.may("CONTROL")
        ? button(t("printer.reset"), post("printer/firmware_restart"), false, "small primary")
        : nothing}
      ${link === "offline" && store.may("CONNECTION")
        ? button(t("printer.connect"), post("api/connection", { command: "connect" }), false,
            "small primary")
        : nothing}
      ${store.may("CONTROL") && link === "online"
        ? html`<button type="button" class="stop small" title=${t("stop.title")}
            aria-label=${t("fleet.of", { label: t("stop.label"), name })}
            @click=${post("printer/emergency_stop")}>${icon("stop")}<span>${t("stop.label")}</span>
          </button>`
        : nothing}</div>`;
  }
}
customElements.define("printer-tile", PrinterTile);
