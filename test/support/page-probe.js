/* global document, window, MutationObserver, HTMLVideoElement */
/**
 * Runs in a page before its own scripts: reads the strip out of every frame a video shows, and notes what people did
 * and what became of the player. Node fetches and decodes it (player-page.ts). Nothing in here changes the page.
 */
(() => {
  const cells = 64;
  /** Kept until Node fetches them; a bound for a page that nobody asks. */
  const mostFrames = 20_000;
  const probe = { frames: [], events: [], videos: 0, mediaSources: 0, frameErrors: 0 };
  const seen = new WeakSet();

  const canvas = document.createElement("canvas");
  canvas.width = cells;
  canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  // Nearest pixel: one cell of the strip becomes one pixel, its centre.
  context.imageSmoothingEnabled = false;

  const epochOf = (pageMs) => Date.now() + pageMs - performance.now();
  const note = (kind, detail) => {
    probe.events.push({ kind, detail: String(detail ?? ""), atMs: Date.now() });
  };

  function readFrame(video, metadata) {
    const { videoWidth, videoHeight } = video;
    if (videoWidth === 0) return;
    // 8.5 rows down of 16: the middle of the strip.
    context.drawImage(video, 0, 8, videoWidth, 1, 0, 0, cells, 1);
    const pixels = context.getImageData(0, 0, cells, 1).data;
    let lumas = "";
    for (let cell = 0; cell < cells; cell += 1) {
      const [red, green, blue] = pixels.subarray(cell * 4, cell * 4 + 3);
      lumas += String.fromCharCode(Math.round(0.299 * red + 0.587 * green + 0.114 * blue));
    }
    probe.frames.push({
      view: video.dataset.testid ?? "",
      shownMs: epochOf(metadata.expectedDisplayTime),
      mediaS: metadata.mediaTime,
      presented: metadata.presentedFrames,
      width: videoWidth,
      height: videoHeight,
      lumas,
    });
    if (probe.frames.length > mostFrames) probe.frames.shift();
  }

  function follow(video) {
    const next = () => {
      video.requestVideoFrameCallback((_now, metadata) => {
        try {
          readFrame(video, metadata);
        } catch {
          probe.frameErrors += 1;
        }
        next();
      });
    };
    next();
    for (const kind of ["loadstart", "emptied", "error", "waiting", "stalled", "seeking", "ended"]) {
      video.addEventListener(kind, () => {
        note(kind, video.error?.message);
      });
    }
  }

  function lookForVideos() {
    for (const video of document.querySelectorAll("video")) {
      if (seen.has(video) || !(video instanceof HTMLVideoElement)) continue;
      seen.add(video);
      probe.videos += 1;
      follow(video);
    }
  }

  for (const name of ["MediaSource", "ManagedMediaSource"]) {
    const original = window[name];
    if (original === undefined) continue;
    window[name] = new Proxy(original, {
      construct(target, args) {
        probe.mediaSources += 1;
        return new target(...args);
      },
    });
  }

  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) => {
    note("violation", `${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
  });

  // The event's own time: when the person pressed, not when the page got round to it.
  for (const kind of ["click", "keydown"]) {
    document.addEventListener(
      kind,
      (event) => {
        probe.events.push({ kind, detail: event.key ?? "", atMs: epochOf(event.timeStamp) });
      },
      true,
    );
  }

  new MutationObserver(lookForVideos).observe(document, { childList: true, subtree: true });
  window.smartToggleProbe = {
    /** All that came since the last time, and the counts since the page was loaded. */
    take() {
      lookForVideos();
      const { frames, events, videos, mediaSources, frameErrors } = probe;
      probe.frames = [];
      probe.events = [];
      return { frames, events, videos, mediaSources, frameErrors };
    },
  };
})();
