// The plugs and supplies of this printer and those of none: how they are, and switching them.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { extend, t } from "../core/i18n";
import { refusal } from "../core/said";
import { store } from "../core/store";
import { Turns } from "../core/turns";
import "../ui/hold-button";
import { View } from "../ui/view";

interface Device {
  name: string;
  state: "on" | "off" | "unknown" | "error";
  printer_id: string | null;
  locked: boolean;
  problem: string | null;
}

const PATH = "api/gantry/power";

class PowerCard extends View {
  static properties = { devices: { state: true }, busy: { state: true } };
  private devices: Device[] = [];
  private busy: ReadonlySet<string> = new Set();
  private readonly turns = new Turns();
  private readonly reload = () => void this.load();

  connectedCallback(): void {
    super.connectedCallback();
    store.addEventListener("power", this.reload);
    if (store.online) void this.load();
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    store.removeEventListener("power", this.reload);
  }

  private async load(): Promise<void> {
    const news = this.turns.begin();
    let found: Device[] = [];
    try {
      found = (await ask<{ devices: Device[] }>("GET", PATH)).devices;
      if (found.length) await extend("devices");
    } catch {
      found = []; // without the component power there is no such address, and nothing to show
    }
    if (news()) this.devices = found;
  }

  private async turn(device: Device, state: "on" | "off"): Promise<void> {
    this.busy = new Set([...this.busy, device.name]);
    await store.attempt(() => ask("POST", `${PATH}/${encodeURIComponent(device.name)}`, { state }));
    this.busy = new Set([...this.busy].filter((name) => name !== device.name));
    await this.load();
  }

  render() {
    if (!this.devices.length) return nothing;
    return html`<section class="card" aria-labelledby="power-title">
      <h2 id="power-title">${t("power.title")}</h2>
      <ul class="devices">${this.devices.map((device) => this.row(device))}</ul></section>`;
  }

  private row(device: Device) {
    const { name, state, locked, problem } = device;
    const tone = state === "on" ? "good" : state === "error" ? "bad" : "";
    return html`<li>
      <div class="grow"><strong>${name}</strong>
        <span class="badge ${tone}" role="status">${t(`power.${state}`)}</span>
        ${problem ? html`<p class="quiet small-text">${refusal(problem)}</p>` : nothing}
        ${locked ? html`<p class="quiet small-text">${t("power.locked")}</p>` : nothing}</div>
      ${store.may("CONTROL") ? this.buttons(device) : nothing}</li>`;
  }

  // Of what is known to be on or off only the other way makes sense.
  private buttons(device: Device) {
    const { name, state, locked } = device;
    const wait = this.busy.has(name) || !store.online;
    const prints = (store.info?.phase ?? "none") !== "none";
    const named = (label: string) => t("power.named", { label, name });
    const on = html`<button type="button" class="small" ?disabled=${wait}
      aria-label=${named(t("power.turnOn"))} @click=${() => this.turn(device, "on")}>
      ${t("power.turnOn")}</button>`;
    const off = prints && !locked
      ? html`<hold-button kind="danger small" .label=${t("power.turnOff")}
          .name=${named(t("power.turnOff"))} .disabled=${wait} title=${t("power.during")}
          @confirm=${() => this.turn(device, "off")}></hold-button>`
      : html`<button type="button" class="small" ?disabled=${wait || locked}
          aria-label=${named(t("power.turnOff"))} @click=${() => this.turn(device, "off")}>
          ${t("power.turnOff")}</button>`;
    return html`<div class="row">${state === "on" ? nothing : on} ${state === "off" ? nothing : off}</div>`;
  }
}
customElements.define("power-card", PowerCard);
