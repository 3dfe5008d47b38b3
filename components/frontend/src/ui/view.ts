// What all parts of the page are: elements without a shadow, told when the store changes.
import { LitElement } from "lit";
import { store } from "../core/store";

export class View extends LitElement {
  protected createRenderRoot(): HTMLElement {
    return this;
  }

  private readonly update_ = () => this.requestUpdate();

  connectedCallback(): void {
    super.connectedCallback();
    store.addEventListener("change", this.update_);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    store.removeEventListener("change", this.update_);
  }
}
