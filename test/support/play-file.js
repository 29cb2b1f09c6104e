/* global document, window, setTimeout */
/** Runs in a page: plays a file from its first picture to its last one, and reads the strips of these two. */
(() => {
  const cells = 64;
  /** Eight times as fast as it was recorded: a file lasts seconds. */
  const rate = 8;
  const mostMs = 120_000;

  function lumasOf(video) {
    const canvas = document.createElement("canvas");
    canvas.width = cells;
    canvas.height = 1;
    const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
    context.imageSmoothingEnabled = false;
    // 8.5 rows down of 16: the middle of the strip.
    context.drawImage(video, 0, 8, video.videoWidth, 1, 0, 0, cells, 1);
    const pixels = context.getImageData(0, 0, cells, 1).data;
    return Array.from({ length: cells }, (_, cell) => {
      const [red, green, blue] = pixels.subarray(cell * 4, cell * 4 + 3);
      return 0.299 * red + 0.587 * green + 0.114 * blue;
    });
  }

  /** The next event of this type; rejects with what the element says of the file, or when nothing comes. */
  function next(video, type) {
    return new Promise((resolve, reject) => {
      video.addEventListener(type, resolve, { once: true });
      video.addEventListener("error", () => reject(new Error(video.error?.message)), { once: true });
      setTimeout(() => reject(new Error(`no ${type} within ${mostMs} ms, at ${video.currentTime} s`)), mostMs);
    });
  }

  /** The next picture, when it is on the screen: the element tells of its data, or of the end of a seek, before that. */
  function shown(video) {
    return new Promise((resolve) => video.requestVideoFrameCallback(() => resolve(lumasOf(video))));
  }

  window.playFile = async (url) => {
    const video = document.createElement("video");
    video.muted = true;
    document.body.append(video);
    try {
      const loaded = Promise.all([shown(video), next(video, "loadeddata")]);
      video.src = url;
      const [first] = await loaded;
      const ended = next(video, "ended");
      video.playbackRate = rate;
      await video.play();
      await ended;
      // At such a speed the screen may have left it out.
      const seeked = Promise.all([shown(video), next(video, "seeked")]);
      video.currentTime = video.duration - 0.005;
      const [last] = await seeked;
      return { first, last, durationS: video.duration };
    } finally {
      video.removeAttribute("src");
      video.load();
      video.remove();
    }
  };
})();
