// Installing the page as an app of the device; and why it cannot be, where it cannot.
import { html, nothing } from "lit";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { View } from "./view";

interface InstallOffer extends Event {
  prompt(): Promise<void>;
  readonly userChoice: Promise<{ outcome: string }>;
}

// A browser offers it once, soon after the page has come.
let offer: InstallOffer | null = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event as InstallOffer;
  store.changed();
});

class InstallCard extends View {
  private install = async (): Promise<void> => {
    const made = offer;
    offer = null;
    await made?.prompt();
    this.requestUpdate();
  };

  render() {
    if (matchMedia("(display-mode: standalone)").matches) return nothing;
    return html`<div class="card stack"><h2>${t("install.title")}</h2>
      ${!isSecureContext
        ? html`<p>${t("install.insecure", { address: location.origin })}</p>`
        : offer
          ? html`<p class="quiet">${t("install.text")}</p>
              <button type="button" @click=${this.install}>${t("install.go")}</button>`
          : html`<p class="quiet">${t("install.byMenu")}</p>`}</div>`;
  }
}
customElements.define("install-card", InstallCard);
