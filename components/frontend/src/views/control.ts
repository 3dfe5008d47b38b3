// Moving, heating, filament, and what can be tuned while a print runs.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { number } from "../core/format";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { icon, type Icon } from "../ui/icons";
import { View } from "../ui/view";
import "./temperatures";

const STEPS = [0.1, 1, 10, 50];
const BABYSTEP = 0.05;
const KEYS: Record<string, [string, number]> = {
  ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowUp: ["y", 1], ArrowDown: ["y", -1],
  PageUp: ["z", 1], PageDown: ["z", -1],
};

const head = (body: object) => ask("POST", "api/printer/printhead", body);
const tool = (body: object) => ask("POST", "api/printer/tool", body);

class ControlView extends View {
  static properties = { step: { state: true }, length: { state: true } };
  private step = 10;
  private length = 10;

  private get free(): boolean {
    return store.online && store.info?.link === "online" && store.info.phase !== "printing";
  }

  private jog(axis: string, sign: number): void {
    void store.attempt(() => head({ command: "jog", [axis]: sign * this.step }));
  }

  private home(axes: string[]): void {
    void store.attempt(() => head({ command: "home", axes }));
  }

  private pressed(event: KeyboardEvent): void {
    if (!this.free || event.target !== event.currentTarget) return;
    const move = KEYS[event.key];
    if (move) this.jog(...move);
    else if (event.key === "Home") this.home(["x", "y", "z"]);
    else return;
    event.preventDefault();
  }

  private extrude(sign: number): void {
    void store.attempt(() => tool({ command: "extrude", amount: sign * this.length }));
  }

  render() {
    return html`<h1 class="page-head">${t("control.title")}</h1>
      <div class="dashboard control">
        ${this.move()}
        <temperature-card></temperature-card>
        ${this.filament()} ${this.tune()}
      </div>`;
  }

  private move() {
    const free = this.free;
    const arrow = (axis: string, sign: number, sign_: Icon, place: string) => html`<button
      type="button" class=${place} ?disabled=${!free} @click=${() => this.jog(axis, sign)}
      aria-label=${t("control.jog", { axis: axis.toUpperCase(), distance: number(sign * this.step, 1) })}
      >${icon(sign_)}</button>`;
    return html`<section class="card" aria-labelledby="move-title">
      <h2 id="move-title">${t("control.move")}</h2>
      ${this.position()}
      <fieldset class="segments"><legend class="hidden">${t("control.step")}</legend>
        ${STEPS.map((step) => html`<label><input type="radio" name="step" .checked=${step === this.step}
          @change=${() => (this.step = step)}><span>${number(step, step < 1 ? 1 : 0)} mm</span></label>`)}
      </fieldset>
      <div class="jog" tabindex="0" role="group" aria-label=${t("control.move")}
        aria-describedby="jog-keys" @keydown=${this.pressed}>
        ${arrow("y", 1, "up", "north")} ${arrow("x", -1, "left", "west")}
        <button type="button" class="middle" ?disabled=${!free}
          aria-label=${t("control.homeAll")} @click=${() => this.home(["x", "y", "z"])}>
          ${icon("home")}</button>
        ${arrow("x", 1, "right", "east")} ${arrow("y", -1, "down", "south")}
        ${arrow("z", 1, "up", "z-up")} <span class="z-name" aria-hidden="true">Z</span>
        ${arrow("z", -1, "down", "z-down")}
      </div>
      <p class="quiet" id="jog-keys">${t("control.keys")}</p>
      <div class="row">
        ${["x", "y", "z"].map((axis) => html`<button type="button" class="small" ?disabled=${!free}
          @click=${() => this.home([axis])}>${t("control.homeAxis", { axis: axis.toUpperCase() })}</button>`)}
        <button type="button" class="small" ?disabled=${!free}
          @click=${() => store.attempt(() => store.gcode("M84"))}>${t("control.motorsOff")}</button>
      </div>
      ${free || !store.online ? nothing : html`<p class="quiet">${t("control.busy")}</p>`}
    </section>`;
  }

  private position() {
    const where = store.objects.toolhead?.position ?? store.objects.motion_report?.live_position;
    const homed = store.objects.toolhead?.homed_axes ?? "";
    return html`<dl class="facts position" aria-label=${t("control.position")}>
      ${["x", "y", "z"].map((axis, index) => html`<div><dt>${axis.toUpperCase()}</dt>
        <dd>${where ? number(where[index], 2) : "–"}
          ${homed.includes(axis) ? nothing : html`<span class="quiet"> ${t("control.unknown")}</span>`}
        </dd></div>`)}
    </dl>`;
  }

  private filament() {
    const hot = store.objects.extruder?.can_extrude === true;
    const ready = this.free && hot;
    return html`<section class="card stack" aria-labelledby="filament-title">
      <h2 id="filament-title">${t("control.extruder")}</h2>
      <label class="field">${t("control.length")}
        <input type="number" min="1" max="100" step="1" .value=${String(this.length)}
          @change=${(event: Event) => {
            this.length = (event.target as HTMLInputElement).valueAsNumber || 10; }}></label>
      <div class="row">
        <button type="button" ?disabled=${!ready} @click=${() => this.extrude(1)}>
          ${t("control.extrude")}</button>
        <button type="button" ?disabled=${!ready} @click=${() => this.extrude(-1)}>
          ${t("control.retract")}</button>
      </div>
      ${hot ? nothing : html`<p class="quiet">${t("control.cold")}</p>`}
    </section>`;
  }

  private tune() {
    const move = store.objects.gcode_move;
    const percentOf = (share: unknown) => Math.round(((share as number) ?? 1) * 100);
    const fan = percentOf(store.objects.fan?.speed ?? 0);
    const offset = move?.homing_origin?.[2] ?? 0;
    const fans = (value: number) => store.gcode(value ? `M106 S${Math.round(value * 2.55)}` : "M107");
    const speed = (factor: number) => head({ command: "feedrate", factor });
    const flow = (factor: number) => tool({ command: "flowrate", factor });
    const baby = (sign: number) => () =>
      store.attempt(() => store.gcode(`M290 Z${(sign * BABYSTEP).toFixed(2)}`));
    const step = number(BABYSTEP, 2);
    return html`<section class="card stack" aria-labelledby="tune-title">
      <h2 id="tune-title">${t("control.tune")}</h2>
      ${this.slider("fan", t("control.fan"), fan, 0, 100, fans)}
      ${this.slider("speed", t("control.speed"), percentOf(move?.speed_factor), 10, 300, speed)}
      ${this.slider("flow", t("control.flow"), percentOf(move?.extrude_factor), 50, 150, flow)}
      <div class="row" role="group" aria-labelledby="baby-title">
        <span id="baby-title" class="grow">${t("control.babystep")}:
          <strong>${number(offset, 2)} mm</strong></span>
        <button type="button" class="small" ?disabled=${!store.online} @click=${baby(-1)}>
          ${t("control.closer", { step })}</button>
        <button type="button" class="small" ?disabled=${!store.online} @click=${baby(1)}>
          ${t("control.farther", { step })}</button>
      </div>
    </section>`;
  }

  private slider(
    id: string, label: string, value: number, min: number, max: number,
    set: (value: number) => Promise<unknown>,
  ) {
    return html`<div class="slider"><label for=${id}>${label}</label>
      <output for=${id}>${value} %</output>
      <input id=${id} type="range" min=${min} max=${max} step="1" .value=${String(value)}
        ?disabled=${!store.online} aria-valuetext="${value} %"
        @change=${(event: Event) => {
          const wanted = (event.target as HTMLInputElement).valueAsNumber;
          void store.attempt(() => set(wanted));
        }}></div>`;
  }
}
customElements.define("control-view", ControlView);
