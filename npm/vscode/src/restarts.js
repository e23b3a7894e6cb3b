// How often a server that has stopped by itself is started again. Not here: stopping and starting it (extension.js).

/** A document that stops the server stops it again when it is sent again: so many starts within so many milliseconds. */
const MOST = 5;
const WITHIN = 3 * 60_000;

export class Restarts {
  stops = [];

  /** Notes that the server has stopped, and what is to be done: whether to start it again, and whether to show why. */
  stopped(now) {
    this.stops = this.stops.filter((stop) => now - stop < WITHIN);
    this.stops.push(now);
    const again = this.stops.length <= MOST;
    return { again, shown: !again || this.stops.length === 1 };
  }

  /** The user starts it: what was does not count. */
  forget() {
    this.stops = [];
  }
}
