import { CameraButtons } from "./components/camera-buttons.js";
import { Figures } from "./components/figures.js";
import { FullScreenButton } from "./components/full-screen-button.js";
import { GuardWarnings } from "./components/guard-warnings.js";
import { Header } from "./components/header.js";
import { KeysDialog } from "./components/keys-dialog.js";
import { NoticeBar } from "./components/notice-bar.js";
import { RecentSwitches } from "./components/recent-switches.js";
import { RotationControl } from "./components/rotation-control.js";
import { SettingsPanel } from "./components/settings-panel.js";
import { SizeControl } from "./components/size-control.js";
import { Stage } from "./components/stage.js";
import { PlotsCard } from "./plots/plots-card.js";
import { AvailabilityCard } from "./protection/availability-card.js";
import { DrillDialog } from "./protection/drill-dialog.js";
import { DrillsCard } from "./protection/drills-card.js";
import { EventsCard } from "./protection/events-card.js";

/** The page: the picture and what steers it in the middle, figures and history on its two sides, protection and settings below. */
export function App() {
  return (
    <>
      <Header />
      <main class="page">
        <div class="centre">
          <Stage />
          <CameraButtons />
          <div class="controls">
            <RotationControl />
            <FullScreenButton />
          </div>
          <SizeControl />
          <GuardWarnings />
        </div>
        <Figures />
        <RecentSwitches />
        <div class="below">
          <PlotsCard />
          <div class="watch">
            <EventsCard />
            <AvailabilityCard />
            <DrillsCard />
          </div>
          <SettingsPanel />
        </div>
      </main>
      <NoticeBar />
      <DrillDialog />
      <KeysDialog />
    </>
  );
}
