// What all steps of the set-up are: a form that ends in Back and Next.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { t } from "../core/i18n";
import { because } from "../core/said";
import { View } from "../ui/view";
import { fresh, save, type Draft } from "./draft";

export abstract class StepView extends View {
  static properties = {
    draft: { attribute: false }, first: { type: Boolean }, error: { state: true },
    busy: { state: true },
  };
  draft: Draft = fresh();
  first = false;
  protected error = "";
  protected busy = false;

  protected abstract heading(): string;
  protected abstract body(): TemplateResult;

  // Returns whether the next step may come.
  protected async finish(): Promise<boolean> {
    return true;
  }

  // A way out of an error, below it.
  protected aid(): TemplateResult | typeof nothing {
    return nothing;
  }

  protected nextLabel = () => t("setup.next");
  protected mayGoOn = () => true;

  protected change(): void {
    save(this.draft);
    this.requestUpdate();
  }

  protected firstUpdated(_changed: PropertyValues): void {
    this.querySelector<HTMLElement>("h1")?.focus();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.error = "";
    try {
      if (await this.finish()) this.dispatchEvent(new CustomEvent("next", { bubbles: true }));
    } catch (error) {
      this.error = because(error);
    } finally {
      this.busy = false;
    }
  }

  private back = () => this.dispatchEvent(new CustomEvent("back", { bubbles: true }));

  render() {
    return html`<form class="card stack step" @submit=${this.submit}>
      <h1 tabindex="-1">${this.heading()}</h1>
      ${this.body()}
      <p class="error" role="alert">${this.error}</p>
      ${this.error ? this.aid() : nothing}
      <div class="row foot">
        ${this.first
          ? nothing
          : html`<button type="button" class="plain" @click=${this.back}>${t("setup.back")}</button>`}
        <span class="grow"></span>
        <button class="primary" ?disabled=${!this.busy && !this.mayGoOn()}
          aria-disabled=${this.busy}>${this.nextLabel()}</button>
      </div>
    </form>`;
  }
}
