// Questions may be answered in another order than they were asked: what was asked for before
// what is shown is out of date.
export class Turns {
  private asked = 0;
  private shown = 0;

  // Called when something is asked for; what it returns is called with the answer there, and
  // says whether that is still news.
  begin(): () => boolean {
    const mine = ++this.asked;
    return () => {
      if (mine < this.shown) return false;
      this.shown = mine;
      return true;
    };
  }
}
