// What every page here needs: where we are, how to ask, how to log in.

const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;

export const base = meta("base");
export const field = (id) => document.getElementById(id);

export const say = (text) => {
  field("message").textContent = text;
};

const cookie = (name) => {
  const start = `${name}=`;
  const found = document.cookie.split("; ").find((each) => each.startsWith(start));
  return found === undefined ? "" : found.slice(start.length);
};

// Returns {status, data}; data.error is always text.
export const ask = async (method, path, body) => {
  const response = await fetch(base + path, {
    method,
    headers: {
      "Content-Type": "application/json",
      "X-CSRF-Token": cookie(`csrf_token${meta("suffix")}`),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
  });
  let data = {};
  try {
    data = await response.json();
  } catch {
    // nothing was said
  }
  if (data.error !== undefined && typeof data.error !== "string") {
    data.error = data.error.message;
  }
  return { status: response.status, data };
};

export const logIn = async (remember) => {
  const { status, data } = await ask("POST", "/api/login", {
    user: field("user").value,
    pass: field("password").value,
    remember,
  });
  field("password").value = "";
  say(status === 200 ? "" : data.error ?? "That did not work.");
  return status === 200;
};
