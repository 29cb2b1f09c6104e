import { useEffect } from "preact/hooks";
import { recordingProblemText } from "../i18n/recording-text.js";
import { reasonText, text } from "../i18n/text.js";
import { offlineMisses } from "../state/heartbeat.js";
import { may } from "../state/session.js";
import { liveCamera, misses } from "../state/store.js";
import { DayBar } from "./day-bar.js";
import { ExportCard } from "./export-card.js";
import { FilesCard } from "./files-card.js";
import { MissingList } from "./missing-list.js";
import { PlanCard } from "./plan-card.js";
import { PlaybackStage } from "./playback-stage.js";
import { chooseCamera, isToday, loadDay } from "./recordings-actions.js";
import { camera, day, recording, timeline, trouble } from "./recordings-store.js";
import { RetentionCard } from "./retention-card.js";
import { StorageCard } from "./storage-card.js";
import { Timeline } from "./timeline.js";

/** A file is finished twice a minute. */
const refreshMs = 15_000;

/** Everything that was recorded: a day of it, its player, its files, and when more will be. */
export function RecordingsView() {
  useEffect(() => {
    if (liveCamera.peek() !== null && timeline.peek() === null) chooseCamera(liveCamera.peek() ?? camera.peek());
    void loadDay();
    const timer = setInterval(() => {
      if (!document.hidden && (isToday() || trouble.peek() !== null)) void loadDay();
    }, refreshMs);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <main class="recordings" data-testid="recordings" data-day={day.value.name}>
      <DayBar />
      <Problems />
      <div class="recordings-main">
        <PlaybackStage />
        <Timeline />
      </div>
      <div class="recordings-side">
        <MissingList />
        <StorageCard />
      </div>
      <div class="recordings-below">
        <FilesCard />
        {may("operator") && (
          <div class="recordings-column">
            <ExportCard />
            {may("administrator") && <RetentionCard />}
          </div>
        )}
        {may("operator") && <PlanCard />}
      </div>
    </main>
  );
}

function Problems() {
  const t = text.value;
  const problem = recording.value?.problem ?? null;
  const code = trouble.value;
  if (misses.value >= offlineMisses) {
    return (
      <p class="recordings-problem" role="alert" data-testid="recordings-offline">
        <strong>{t.coverOfflineTitle}</strong> {t.coverOfflineDetail}
      </p>
    );
  }
  return (
    <>
      {problem !== null && (
        <p class="recordings-problem" role="alert" data-testid="recording-problem">
          <strong>{t.recordingProblem}</strong>{" "}
          {recordingProblemText(t, problem.code) ?? reasonText(problem.code, problem.message)}
        </p>
      )}
      {code !== null && problem === null && (
        <p class="recordings-problem" role="alert">
          <strong>{t.recordingsTrouble}</strong> {reasonText(code, "")}
        </p>
      )}
    </>
  );
}
