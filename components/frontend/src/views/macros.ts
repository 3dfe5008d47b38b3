// The macros as buttons; one with parameters asks for them first.
import { html, nothing } from "lit";
import { t } from "../core/i18n";
import { runMacro, type Macro } from "../core/macros";
import { store } from "../core/store";
import { View } from "../ui/view";

class MacroCard extends View {
  static properties = { macros: { attribute: false }, asking: { state: true }, running: { state: true } };
  macros: Macro[] = [];
  private asking: Macro | null = null;
  private running: ReadonlySet<string> = new Set();

  protected updated(): void {
    const dialog = this.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
  }

  private press(macro: Macro): void {
    if (macro.parameters.length) this.asking = macro;
    else void this.run(macro, {});
  }

  private async run(macro: Macro, parameters: Record<string, string>): Promise<void> {
    this.running = new Set([...this.running, macro.name]);
    await store.attempt(() => runMacro(macro.name, parameters));
    this.running = new Set([...this.running].filter((name) => name !== macro.name));
  }

  private submit(event: SubmitEvent, macro: Macro): void {
    event.preventDefault();
    const given = [...new FormData(event.target as HTMLFormElement)];
    this.asking = null;
    void this.run(macro, Object.fromEntries(given.map(([name, value]) => [name, String(value)])));
  }

  render() {
    if (!this.macros.length) return nothing;
    const able = store.online && store.info?.link === "online" && store.may("CONTROL");
    return html`<section class="card stack" aria-labelledby="macros-title">
      <h2 id="macros-title">${t("macros.title")}</h2>
      <div class="row">${this.macros.map((macro) => html`<button
        type="button" ?disabled=${!able || this.running.has(macro.name)}
        title=${macro.description || nothing} aria-haspopup=${macro.parameters.length ? "dialog" : nothing}
        @click=${() => this.press(macro)}>${macro.title}${macro.parameters.length ? " …" : ""}</button>`)}
      </div>
      <p class="hidden" role="status">${this.running.size ? t("macros.running") : ""}</p>
      ${this.asking ? this.form(this.asking) : nothing}
    </section>`;
  }

  private form(macro: Macro) {
    return html`<dialog aria-labelledby="macro-title" @close=${() => (this.asking = null)}>
      <form class="stack" @submit=${(event: SubmitEvent) => this.submit(event, macro)}>
        <h2 id="macro-title">${macro.title}</h2>
        ${macro.description ? html`<p class="quiet">${macro.description}</p>` : nothing}
        ${macro.parameters.map((each) => html`<label class="field">
          ${each.name}${each.description ? ` (${each.description})` : ""}
          <input name=${each.name} .value=${each.default ?? ""}
            ?required=${each.default === null} autocomplete="off"></label>`)}
        <div class="row end">
          <button type="button" @click=${() => (this.asking = null)}>${t("app.close")}</button>
          <button class="primary">${t("macros.run")}</button></div>
      </form></dialog>`;
  }
}
customElements.define("macro-card", MacroCard);
