// A dialog in which the temperatures for materials are written.
import { html } from "lit";
import { t } from "../core/i18n";
import { savePresets, type Preset } from "../core/presets";
import { store } from "../core/store";
import { View } from "./view";

const EMPTY: Preset = { name: "", extruder: null, bed: null, chamber: null };

class PresetEditor extends View {
  static properties = { presets: { attribute: false }, rows: { state: true } };
  presets: Preset[] = [];
  private rows: Preset[] = [];

  connectedCallback(): void {
    super.connectedCallback();
    this.rows = this.presets.length ? this.presets.map((each) => ({ ...each })) : [{ ...EMPTY }];
  }

  protected firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
  }

  private close = () => this.dispatchEvent(new Event("close"));

  private change(index: number, change: Partial<Preset>): void {
    this.rows = this.rows.map((row, at) => (at === index ? { ...row, ...change } : row));
  }

  private async save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const named = this.rows.filter((row) => row.name.trim());
    if (await store.attempt(() => savePresets(named))) this.close();
  }

  render() {
    return html`<dialog aria-labelledby="presets-title" @close=${(event: Event) => {
        event.stopPropagation(); this.close(); }}>
      <form class="stack" @submit=${this.save}>
        <h2 id="presets-title">${t("presets.title")}</h2>
        <div class="preset-rows">${this.rows.map((row, index) => this.row(row, index))}</div>
        <button type="button" class="plain" @click=${() => (this.rows = [...this.rows, { ...EMPTY }])}>
          ${t("presets.add")}</button>
        <div class="row end">
          <button type="button" @click=${this.close}>${t("app.close")}</button>
          <button class="primary">${t("app.save")}</button></div>
      </form></dialog>`;
  }

  private row(row: Preset, index: number) {
    const degrees = (field: "extruder" | "bed", label: string) => html`<label class="field">${label}
      <input type="number" min="0" max="500" .value=${row[field] === null ? "" : String(row[field])}
        @change=${(event: Event) => {
          const wanted = (event.target as HTMLInputElement).valueAsNumber;
          this.change(index, { [field]: Number.isNaN(wanted) ? null : wanted });
        }}></label>`;
    return html`<div class="preset-row">
      <label class="field">${t("presets.name")}<input .value=${row.name} maxlength="40"
        @change=${(event: Event) =>
          this.change(index, { name: (event.target as HTMLInputElement).value })}></label>
      ${degrees("extruder", t("heater.tool"))} ${degrees("bed", t("heater.bed"))}
      <button type="button" class="plain" aria-label=${t("presets.remove", { name: row.name })}
        @click=${() => (this.rows = this.rows.filter((_, at) => at !== index))}>✕</button></div>`;
  }
}
customElements.define("preset-editor", PresetEditor);
