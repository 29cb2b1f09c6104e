import { CameraButtons } from "./components/camera-buttons.js";
import { Figures } from "./components/figures.js";
import { FullScreenButton } from "./components/full-screen-button.js";
import { Header } from "./components/header.js";
import { KeysDialog } from "./components/keys-dialog.js";
import { NoticeBar } from "./components/notice-bar.js";
import { RecentSwitches } from "./components/recent-switches.js";
import { RotationControl } from "./components/rotation-control.js";
import { SettingsPanel } from "./components/settings-panel.js";
import { Stage } from "./components/stage.js";

/** The page: the picture and what steers it in the middle, figures and history on its two sides, settings below. */
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
        </div>
        <Figures />
        <RecentSwitches />
        <SettingsPanel />
      </main>
      <NoticeBar />
      <KeysDialog />
    </>
  );
}
