// The set-up, from a code on a display to a printer that takes prints: at most six steps.
import { html, nothing, type PropertyValues } from "lit";
import { ask } from "../core/api";
import { languages, language, speak, t } from "../core/i18n";
import { store } from "../core/store";
import { because } from "../core/said";
import "../setup/camera";
import "../setup/claim";
import "../setup/connect";
import { forget, load, save, STEPS, type Draft, type Present, type Step } from "../setup/draft";
import "../setup/find";
import "../setup/machine";
import "../setup/review";
import { View } from "../ui/view";

class SetupView extends View {
  static properties = { step: { state: true }, present: { state: true }, refused: { state: true } };
  private draft: Draft = load();
  private step: Step = this.draft.step;
  private present: Present | null = null;
  private refused = "";

  connectedCallback(): void {
    super.connectedCallback();
    if (location.hash !== "#/setup") location.hash = "#/setup";
    if (store.phase === "open") void this.begin();
    else this.step = "claim";
  }

  private async begin(): Promise<void> {
    if (this.step === "claim") this.go("printer");
    try {
      this.present = await ask<Present>("GET", "api/gantry/setup");
    } catch (error) {
      this.refused = because(error);
    }
  }

  // Nobody claims twice (who has just done it keeps the number of steps), and a printer that stays as it is has no size to be asked for.
  private get steps(): Step[] {
    const skipped = new Set<Step>();
    const claiming = this.step === "claim" || this.draft.claimed;
    if (store.phase === "open" && !claiming) skipped.add("claim");
    if (this.draft.platform === "keep") skipped.add("machine");
    return STEPS.filter((each) => !skipped.has(each));
  }

  private go(step: Step): void {
    this.step = this.draft.step = step;
    save(this.draft);
    scrollTo(0, 0);
  }

  private next(): void {
    if (this.step === "claim") {
      this.draft.claimed = true;
      return void this.begin();
    }
    const following = this.steps[this.steps.indexOf(this.step) + 1];
    if (following) return this.go(following);
    this.leave();
  }

  private back(): void {
    const before = this.steps[this.steps.indexOf(this.step) - 1];
    if (before && before !== "claim") this.go(before);
  }

  private leave(): void {
    forget();
    location.hash = "#/dashboard";
  }

  protected updated(_changed: PropertyValues): void {
    document.title = `${t("setup.title")} · Gantry`;
  }

  render() {
    const steps = this.steps;
    const index = steps.indexOf(this.step);
    return html`<div class="setup">
      <header class="setup-bar">
        <img src="page/icon.svg" alt="" width="34" height="34">
        <strong class="grow">${t("setup.title")}</strong>
        <label class="hidden" for="setup-language">${t("settings.language")}</label>
        <select id="setup-language" class="bare" @change=${this.speak}>
          ${Object.entries(languages).map(([code, name]) => html`<option value=${code}
            ?selected=${code === language}>${name}</option>`)}</select>
        ${store.phase === "open"
          ? html`<button type="button" class="plain small" @click=${this.leave}>
              ${t("setup.later")}</button>`
          : nothing}
      </header>
      <nav aria-label=${t("setup.steps")}><ol class="stepper">${steps.map((step, number) => html`
        <li class=${number < index ? "done" : ""} aria-current=${number === index ? "step" : nothing}>
          <span class="hidden">${t("setup.step", { number: number + 1, of: steps.length })}</span>
          <span class="step-name">${t(`setup.name.${step}`)}</span></li>`)}</ol></nav>
      <p class="quiet small-text step-count" aria-hidden="true">${t("setup.step", {
        number: index + 1, of: steps.length })} · ${t(`setup.name.${this.step}`)}</p>
      <p class="hidden" role="status">${this.present || this.step === "claim"
        ? t("setup.announce", {
            number: index + 1, of: steps.length, name: t(`setup.name.${this.step}`) })
        : ""}</p>
      <main id="main" tabindex="-1" @next=${this.next} @back=${this.back}>${this.content()}</main>
    </div>`;
  }

  private content() {
    if (this.step === "claim") return html`<setup-claim .draft=${this.draft} first></setup-claim>`;
    if (this.refused) return html`<p class="card" role="alert">${this.refused}</p>`;
    const { draft, present } = this;
    if (present === null) return html`<p aria-busy="true">${t("app.loading")}</p>`;
    switch (this.step) {
      case "printer":
        return html`<setup-printer .draft=${draft} .present=${present} first></setup-printer>`;
      case "machine":
        return html`<setup-machine .draft=${draft} .present=${present}></setup-machine>`;
      case "camera":
        return html`<setup-camera .draft=${draft} .present=${present}></setup-camera>`;
      case "connect":
        return html`<setup-connect .draft=${draft} .present=${present}></setup-connect>`;
      default:
        return html`<setup-review .draft=${draft} .present=${present}></setup-review>`;
    }
  }

  private async speak(event: Event): Promise<void> {
    await speak((event.target as HTMLSelectElement).value);
    store.changed();
  }
}
customElements.define("setup-view", SetupView);
