import { base, field, logIn } from "./page.js";

// Only a path of ours: never "//elsewhere", never another scheme.
const target = () => {
  const wanted = new URLSearchParams(location.search).get("redirect") ?? "";
  const url = new URL(wanted, location.origin);
  const ours = wanted.startsWith("/") && url.origin === location.origin;
  return ours ? url.pathname + url.search + url.hash : `${base}/`;
};

field("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await logIn(field("remember").checked)) {
    location.assign(target());
  }
});
