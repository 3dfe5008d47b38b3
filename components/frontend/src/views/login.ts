// Log in with a name and a password, or with an API key.
import { html } from "lit";
import { logIn, logInWithKey } from "../core/api";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { because } from "../core/said";
import { View } from "../ui/view";

class LoginView extends View {
  static properties = { withKey: { state: true }, busy: { state: true }, error: { state: true } };
  private withKey = false;
  private busy = false;
  private error = "";

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "");
    this.busy = true;
    this.error = "";
    try {
      if (this.withKey) await logInWithKey(text("key").trim());
      else await logIn(text("user"), text("password"), data.has("remember"));
      await store.open();
    } catch (error) {
      this.error = because(error);
      form.querySelector<HTMLInputElement>("input[type=password]")?.select();
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<main class="login">
      <form class="card stack" @submit=${this.submit} aria-labelledby="login-title">
        <div class="brand"><img src="page/icon.svg" alt="" width="44" height="44">
          <h1 id="login-title">Gantry</h1></div>
        ${this.withKey ? this.keyField() : this.userFields()}
        <p class="error" role="alert">${this.error}</p>
        <button class="primary" ?disabled=${this.busy}>${t("login.go")}</button>
        <button type="button" class="plain" @click=${() => (this.withKey = !this.withKey)}>
          ${this.withKey ? t("login.withPassword") : t("login.withKey")}</button>
      </form>
    </main>`;
  }

  private keyField() {
    return html`<label class="field">${t("login.key")}
      <input name="key" type="password" autocomplete="off" required></label>`;
  }

  private userFields() {
    return html`<label class="field">${t("login.user")}
        <input name="user" autocomplete="username" autocapitalize="none" required></label>
      <label class="field">${t("login.password")}
        <input name="password" type="password" autocomplete="current-password" required></label>
      <label class="check"><input type="checkbox" name="remember"> ${t("login.remember")}</label>`;
  }
}
customElements.define("login-view", LoginView);
