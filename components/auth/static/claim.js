import { ask, base, field, say } from "./page.js";

field("claim").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { status, data } = await ask("POST", "/api/gantry/claim", {
    code: field("code").value,
    user: field("user").value,
    password: field("password").value,
  });
  field("password").value = "";
  if (status === 200) {
    location.assign(`${base}/login`);
  } else if (status === 409) {
    location.reload(); // somebody was faster: that page says how it goes on
  } else {
    say(data.error ?? "That did not work.");
  }
});
