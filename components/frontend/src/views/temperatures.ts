// How warm it is, how warm it shall be, and how it came so.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { degrees } from "../core/format";
import { t } from "../core/i18n";
import type { Preset } from "../core/presets";
import { heaterNames, store } from "../core/store";
import type { TemperatureChart } from "../ui/temperature-chart";
import { View } from "../ui/view";

// What Moonraker's names stand for.
export const heaterLabel = (name: string): string => {
  if (name === "heater_bed") return t("heater.bed");
  if (name.startsWith("heater_generic ")) return t("heater.chamber");
  const number = name.slice("extruder".length);
  const several = heaterNames(store.objects).filter((each) => each.startsWith("extruder")).length > 1;
  return several ? t("heater.tools", { number: Number(number || 0) + 1 }) : t("heater.tool");
};

export function setTarget(name: string, target: number): Promise<unknown> {
  if (name === "heater_bed") return ask("POST", "api/printer/bed", { command: "target", target });
  if (name.startsWith("extruder")) {
    const tool = `tool${name.slice("extruder".length) || 0}`;
    const targets = { [tool]: target };
    return ask("POST", "api/printer/tool", { command: "target", targets });
  }
  return ask("POST", "api/printer/chamber", { command: "target", target });
}

class TemperatureCard extends View {
  static properties = { editing: { state: true } };
  private editing = false;

  connectedCallback(): void {
    super.connectedCallback();
    // Where the server is gone meanwhile, this is shown without them.
    const parts = [import("../ui/temperature-chart"), import("../ui/preset-editor")];
    void Promise.allSettled(parts);
  }

  protected updated(): void {
    const chart = this.querySelector<TemperatureChart>("temperature-chart");
    if (chart) {
      chart.names = heaterNames(store.objects);
      chart.samples = store.samples;
      chart.label = heaterLabel;
    }
  }

  private limit(name: string): number {
    const profile = store.info?.profile;
    if (name === "heater_bed") return profile?.max_bed_c ?? 130;
    if (name.startsWith("extruder")) return profile?.max_tool_c ?? 300;
    return profile?.max_chamber_c ?? 80;
  }

  private submit(event: SubmitEvent, name: string): void {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).querySelector("input");
    if (!input || input.value === "") return;
    const wanted = input.valueAsNumber;
    void store.attempt(() => setTarget(name, wanted)).then((done) => {
      if (done) input.value = "";
    });
  }

  private async heat(preset: Omit<Preset, "name">): Promise<void> {
    const names = heaterNames(store.objects);
    const tool = store.objects.toolhead?.extruder ?? "extruder";
    const chamber = names.find((name) => name.startsWith("heater_generic"));
    await store.attempt(async () => {
      if (preset.extruder !== null && names.includes(tool)) await setTarget(tool, preset.extruder);
      if (preset.bed !== null && names.includes("heater_bed")) {
        await setTarget("heater_bed", preset.bed);
      }
      if (preset.chamber !== null && chamber) await setTarget(chamber, preset.chamber);
    });
  }

  private async cool(): Promise<void> {
    await store.attempt(async () => {
      for (const name of heaterNames(store.objects)) await setTarget(name, 0);
    });
  }

  render() {
    const names = heaterNames(store.objects);
    if (!names.length) return nothing;
    return html`<section class="card temperatures" aria-labelledby="temperatures-title">
      <h2 id="temperatures-title">${t("temperatures.title")}</h2>
      <ul class="heaters">${names.map((name, index) => this.heater(name, index))}</ul>
      ${store.may("CONTROL") ? this.buttons() : nothing}
      <temperature-chart></temperature-chart>
      ${this.editing
        ? html`<preset-editor .presets=${store.presets}
            @close=${() => { this.editing = false; void store.learnPresets(); }}></preset-editor>`
        : nothing}
    </section>`;
  }

  // A print brings its own temperatures: one wrong press must not spoil it.
  private buttons() {
    const busy = !["none", "paused"].includes(store.info?.phase ?? "none") || !store.online;
    return html`<div class="row presets" role="group" aria-label=${t("temperatures.presets")}>
      ${store.presets.map((each) => html`<button type="button" class="small"
        ?disabled=${busy} @click=${() => this.heat(each)}>${each.name}
        <span class="quiet">${[each.extruder, each.bed].filter((value) => value !== null).join(" / ")}</span>
      </button>`)}
      <button type="button" class="small" ?disabled=${busy} @click=${() => this.cool()}>
        ${t("temperatures.off")}</button>
      ${store.may("SETTINGS")
        ? html`<button type="button" class="small plain" @click=${() => (this.editing = true)}>
            ${t("presets.edit")}</button>`
        : nothing}</div>`;
  }

  private heater(name: string, index: number) {
    const { temperature, target } = store.objects[name];
    const label = heaterLabel(name);
    const id = `target-${index}`;
    return html`<li>
      <span class="swatch s${index % 4}" aria-hidden="true"></span>
      <span class="heater-name">${label}</span>
      <span class="reading"><strong>${degrees(temperature, 1)}</strong>
        <span class="quiet">${target ? `→ ${degrees(target)}` : t("temperatures.isOff")}</span></span>
      ${store.may("CONTROL")
        ? html`<form class="target" @submit=${(event: SubmitEvent) => this.submit(event, name)}>
            <label class="hidden" for=${id}>${t("temperatures.target", { heater: label })}</label>
            <input id=${id} type="number" min="0" max=${this.limit(name)} step="1"
              inputmode="numeric" placeholder=${target || "°C"}>
            <button class="small" aria-label=${t("temperatures.setFor", { heater: label })}>
              ${t("temperatures.set")}</button>
          </form>`
        : nothing}
    </li>`;
  }
}
customElements.define("temperature-card", TemperatureCard);
