// How warm it is, how warm it shall be, and how it came so.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { degrees } from "../core/format";
import { t } from "../core/i18n";
import { heaterNames, store } from "../core/store";
import type { TemperatureChart } from "../ui/temperature-chart";
import { View } from "../ui/view";

const PRESETS = [
  { name: "PLA", tool: 205, bed: 60 },
  { name: "PETG", tool: 235, bed: 80 },
  { name: "ABS", tool: 245, bed: 100 },
];

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
  private async load(): Promise<void> {
    await import("../ui/temperature-chart");
  }

  connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  protected updated(): void {
    const chart = this.querySelector<TemperatureChart>("temperature-chart");
    if (chart) chart.samples = store.samples;
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

  private async preset(tool: number, bed: number): Promise<void> {
    const names = heaterNames(store.objects);
    await store.attempt(async () => {
      if (names.includes("extruder")) await setTarget("extruder", tool);
      if (names.includes("heater_bed")) await setTarget("heater_bed", bed);
    });
  }

  render() {
    const names = heaterNames(store.objects);
    if (!names.length) return nothing;
    return html`<section class="card temperatures" aria-labelledby="temperatures-title">
      <h2 id="temperatures-title">${t("temperatures.title")}</h2>
      <ul class="heaters">${names.map((name, index) => this.heater(name, index))}</ul>
      ${store.may("CONTROL")
        ? html`<div class="row presets" role="group" aria-label=${t("temperatures.presets")}>
            ${PRESETS.map((each) => html`<button type="button" class="small"
              @click=${() => this.preset(each.tool, each.bed)}>${each.name}</button>`)}
            <button type="button" class="small" @click=${() => this.preset(0, 0)}>
              ${t("temperatures.off")}</button></div>`
        : nothing}
      <temperature-chart></temperature-chart>
    </section>`;
  }

  private heater(name: string, index: number) {
    const { temperature, target } = store.objects[name];
    const label = heaterLabel(name);
    const id = `target-${index}`;
    return html`<li>
      <span class="swatch s${index}" aria-hidden="true"></span>
      <span class="heater-name">${label}</span>
      <span class="reading"><strong>${degrees(temperature, 1)}</strong>
        <span class="quiet">${target ? `→ ${degrees(target)}` : t("temperatures.isOff")}</span></span>
      ${store.may("CONTROL")
        ? html`<form class="target" @submit=${(event: SubmitEvent) => this.submit(event, name)}>
            <label class="hidden" for=${id}>${t("temperatures.target", { heater: label })}</label>
            <input id=${id} type="number" min="0" max=${this.limit(name)} step="1"
              inputmode="numeric" placeholder="°C">
            <button class="small" aria-label=${t("temperatures.setFor", { heater: label })}>
              ${t("temperatures.set")}</button>
          </form>`
        : nothing}
    </li>`;
  }
}
customElements.define("temperature-card", TemperatureCard);
