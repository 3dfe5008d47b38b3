// The password once more, in a dialog: for what a forgotten open browser must not do.
import { html, LitElement } from "lit";
import { logIn } from "../core/api";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { because } from "../core/said";

class PasswordDialog extends LitElement {
  static properties = { error: { state: true }, busy: { state: true } };
  private error = "";
  private busy = false;
  private settle: (done: boolean) => void = () => undefined;

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  ask(): Promise<boolean> {
    return new Promise((resolve) => (this.settle = resolve));
  }

  protected firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
  }

  private end(done: boolean): void {
    this.settle(done);
    this.remove();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const field = this.querySelector("input")!;
    this.busy = true;
    this.error = "";
    try {
      await logIn(store.user.name ?? "", field.value, false);
      this.end(true);
    } catch (error) {
      this.error = because(error);
      field.select();
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<dialog aria-labelledby="again-title" @cancel=${() => this.end(false)}>
      <form class="stack" @submit=${this.submit}>
        <h2 id="again-title">${t("again.title")}</h2>
        <p>${t("again.text", { name: store.user.name ?? "" })}</p>
        <label class="field">${t("login.password")}
          <input name="password" type="password" autocomplete="current-password" required></label>
        <p class="error" role="alert">${this.error}</p>
        <div class="row end">
          <button type="button" class="plain" @click=${() => this.end(false)}>${t("app.close")}</button>
          <button class="primary" ?disabled=${this.busy}>${t("again.go")}</button>
        </div>
      </form></dialog>`;
  }
}
customElements.define("password-dialog", PasswordDialog);

export function askForPassword(): Promise<boolean> {
  const dialog = document.createElement("password-dialog") as PasswordDialog;
  document.body.append(dialog);
  return dialog.ask();
}
