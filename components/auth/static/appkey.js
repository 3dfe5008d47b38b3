import { ask, field, logIn, say } from "./page.js";

const token = location.pathname.split("/").pop();
let request;

const start = async () => {
  const me = (await ask("GET", "/api/currentuser")).data.name;
  if (!me) {
    field("login").hidden = false;
    return;
  }
  const { status, data } = await ask("GET", `/plugin/appkeys/pending/${token}`);
  if (status !== 200) {
    say(data.error ?? "Nobody asks any more.");
    return;
  }
  request = data;
  field("app").textContent = data.app_name;
  field("address").textContent = data.remote_address;
  field("me").textContent = me;
  field("login").hidden = true;
  field("decide").hidden = false;
};

field("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await logIn(false)) {
    await start();
  }
});

field("decide").addEventListener("submit", async (event) => {
  event.preventDefault();
  const allow = event.submitter.value === "allow";
  const boxes = [...document.querySelectorAll("input[name=scope]:checked")];
  const body = allow
    ? { decision: true, scopes: boxes.map((box) => box.value) }
    : { decision: false };
  const { status, data } = await ask("POST", `/plugin/appkeys/decision/${request.user_token}`, body);
  if (status === 204) {
    field("decide").hidden = true;
    say(allow ? "Done. You can close this page." : "Denied. You can close this page.");
  } else {
    say(data.error ?? "That did not work.");
    field("login").hidden = status !== 403;
  }
});

start();
