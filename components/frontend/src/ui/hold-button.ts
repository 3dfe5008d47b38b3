// A button for what cannot be undone. A pointer holds it for a moment; a keyboard or screen
// reader presses it twice, and hears that it has to.
import { html, LitElement, nothing } from "lit";
import { t } from "../core/i18n";

const HOLD_MS = 800;
const ARMED_MS = 5000;

export class HoldButton extends LitElement {
  static properties = {
    label: {}, name: {}, kind: {}, disabled: { type: Boolean }, state: { state: true },
  };
  label = "";
  name = ""; // what a screen reader says instead, where the label alone says too little
  kind = "";
  disabled = false;
  private state: "idle" | "holding" | "armed" = "idle";
  private timer: number | undefined;

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  private hold(event: PointerEvent): void {
    if (event.button !== 0 || this.disabled) return;
    this.state = "holding";
    this.timer = window.setTimeout(() => this.confirm(), HOLD_MS);
  }

  private release(): void {
    if (this.state !== "holding") return;
    clearTimeout(this.timer);
    this.state = "idle";
  }

  private press(event: MouseEvent): void {
    if (event.detail !== 0) return; // a pointer: holding decides
    if (this.state === "armed") return this.confirm();
    this.state = "armed";
    this.timer = window.setTimeout(() => (this.state = "idle"), ARMED_MS);
  }

  private confirm(): void {
    clearTimeout(this.timer);
    this.state = "idle";
    this.dispatchEvent(new CustomEvent("confirm"));
  }

  render() {
    const hint = this.state === "armed" ? t("hold.again") : t("hold.hint");
    const shown = this.state === "armed" ? t("hold.armed", { label: this.label }) : this.label;
    return html`<button
        type="button" class="hold ${this.kind} ${this.state}" ?disabled=${this.disabled}
        @pointerdown=${this.hold} @pointerup=${this.release} @pointerleave=${this.release}
        @pointercancel=${this.release} @click=${this.press}
        @contextmenu=${(event: Event) => event.preventDefault()}
      ><span class="hold-fill" aria-hidden="true"></span
      ><span aria-hidden=${this.name ? "true" : nothing}>${shown}</span
      ><span class="hidden">${this.name}, ${hint}</span></button>
      <span class="hidden" role="status">${this.state === "armed" ? t("hold.again") : ""}</span>`;
  }
}
customElements.define("hold-button", HoldButton);
