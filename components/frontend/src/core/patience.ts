// What is good to know before something is drawn is waited for, but never for long: a camera
// that does not answer must not keep a person from the stop button.
export const PATIENCE_MS = 3000;

export const inTime = (work: Promise<unknown>, ms = PATIENCE_MS): Promise<unknown> =>
  Promise.race([work, new Promise((over) => setTimeout(over, ms))]);
