// Whoever reads the code at the device becomes its administrator.
import { html, nothing } from "lit";
import { ask, logIn, Refusal } from "../core/api";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { StepView } from "./step";

class SetupClaim extends StepView {
  static properties = {
    ...StepView.properties, shown: { state: true }, taken: { state: true },
  };
  private shown = false;
  private taken = false; // somebody else was faster

  protected heading = () => t("setup.claim.title");

  protected async finish(): Promise<boolean> {
    const data = new FormData(this.querySelector("form")!);
    const text = (name: string) => String(data.get(name) ?? "");
    const user = text("user").trim();
    const body = { code: text("code"), user, password: text("password") };
    try {
      await ask("POST", "api/gantry/claim", body);
    } catch (error) {
      throw this.explained(error);
    }
    await logIn(user, text("password"), true);
    await store.open();
    return true;
  }

  // What went wrong, in the reader's language, and what helps.
  private explained(error: unknown): unknown {
    if (!(error instanceof Refusal)) return error;
    this.taken = error.status === 409;
    if (this.taken) return new Error(t("setup.claim.taken"));
    if (error.status === 403) {
      this.querySelector<HTMLInputElement>("[name=code]")?.select();
      return new Error(t("setup.claim.wrong"));
    }
    if (error.status !== 429) return error;
    const minutes = Math.ceil((error.retryAfter ?? 60) / 60);
    return new Error(t("setup.claim.closed", { minutes }));
  }

  protected aid() {
    return this.taken
      ? html`<button type="button" @click=${() => store.open()}>${t("setup.claim.toLogin")}</button>`
      : nothing;
  }

  protected body() {
    return html`<p>${t("setup.claim.text")}</p>
      <ul class="places">
        <li>${t("setup.claim.display")}</li>
        <li>${t("setup.claim.card")}</li>
        <li>${t("setup.claim.log")}</li>
      </ul>
      <label class="field code">${t("setup.claim.code")}
        <input name="code" required maxlength="20" autocomplete="off" autocapitalize="characters"
          spellcheck="false" inputmode="text" placeholder="XXXXXXXX"></label>
      <h2>${t("setup.claim.account")}</h2>
      <label class="field">${t("setup.claim.user")}
        <input name="user" required maxlength="64" value="admin" autocomplete="username"
          autocapitalize="none" spellcheck="false"></label>
      <label class="field">${t("setup.claim.password")}
        <input name="password" type=${this.shown ? "text" : "password"} required minlength="8"
          maxlength="1024" autocomplete="new-password" aria-describedby="password-hint"></label>
      <p id="password-hint" class="quiet small-text">${t("setup.claim.hint")}</p>
      <label class="check"><input type="checkbox" .checked=${this.shown}
        @change=${() => (this.shown = !this.shown)}> ${t("setup.claim.show")}</label>`;
  }
}
customElements.define("setup-claim", SetupClaim);
