// Somebody scrolls while messages come.

/**
 * The body of a function for the page: soon it scrolls the timeline up by so many pixels, and keeps the page busy for so many
 * milliseconds. What comes from the server meanwhile may have its turn before the event that tells the page that it was scrolled.
 */
export const SCROLL_AND_STALL = `
  const [up, stall] = arguments;
  setTimeout(() => {
    document.getElementById('timeline').scrollBy(0, -up);
    for (const end = performance.now() + stall; performance.now() < end; );
  }, 0);`;

/** The body of a function for the page: how far the end of the timeline is below the view, in pixels. */
export const BELOW = 'return -document.getElementById("timeline").scrollTop;';

/** The body of a function for the page: goes to the end. */
export const TO_END = 'document.getElementById("timeline").scrollTop = 0;';
