// Filament: which tool, how much, how fast, in or out.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { number } from "../core/format";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { View } from "../ui/view";

const LENGTHS = [1, 10, 50, 100];
const SPEEDS = [2, 5, 10, 20]; // mm/s

const tool = (body: object) => ask("POST", "api/printer/tool", body);

class FilamentCard extends View {
  static properties = { length: { state: true }, speed: { state: true } };
  private length = 10;
  private speed = 5;

  private extrude(sign: number): void {
    const wish = { command: "extrude", amount: sign * this.length, speed: this.speed * 60 };
    void store.attempt(() => tool(wish));
  }

  render() {
    const active: string = store.objects.toolhead?.extruder ?? "extruder";
    const info = store.info;
    const free = store.online && info?.link === "online" && ["none", "paused"].includes(info.phase);
    const hot = store.objects[active]?.can_extrude === true;
    return html`<section class="card stack" aria-labelledby="filament-title">
      <h2 id="filament-title">${t("control.extruder")}</h2>
      ${this.tools(active, free)}
      ${segments("length", t("control.length"), LENGTHS, this.length,
        (value) => (this.length = value))}
      ${segments("speed-e", t("filament.speed"), SPEEDS, this.speed,
        (value) => (this.speed = value))}
      <div class="row">
        <button type="button" ?disabled=${!free || !hot} @click=${() => this.extrude(1)}>
          ${t("control.extrude")}</button>
        <button type="button" ?disabled=${!free || !hot} @click=${() => this.extrude(-1)}>
          ${t("control.retract")}</button>
      </div>
      ${hot ? nothing : html`<p class="quiet">${t("control.cold")}</p>`}
    </section>`;
  }

  private tools(active: string, free: boolean) {
    const count = store.info?.profile.extruders.length ?? 1;
    if (count < 2) return nothing;
    const now = Number(active.slice("extruder".length) || 0);
    return html`<fieldset class="choice" ?disabled=${!free}>
      <legend>${t("filament.tool")}</legend><div class="segments">
      ${Array.from({ length: count }, (_, index) => html`<label><input type="radio" name="tool"
        .checked=${index === now} @change=${() =>
          store.attempt(() => tool({ command: "select", tool: `tool${index}` }))}>
        <span>T${index}</span></label>`)}</div></fieldset>`;
  }
}

const segments = (
  name: string, label: string, values: number[], chosen: number,
  choose: (value: number) => void,
) => html`<fieldset class="choice"><legend>${label}</legend><div class="segments">
  ${values.map((value) => html`<label><input type="radio" name=${name}
    .checked=${value === chosen} @change=${() => choose(value)}>
    <span>${number(value)}</span></label>`)}</div></fieldset>`;

customElements.define("filament-card", FilamentCard);
