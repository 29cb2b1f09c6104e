import { AccountDialog } from "./accounts/account-dialog.js";
import { AccountsCard } from "./accounts/accounts-card.js";
import { OpenBanner } from "./accounts/open-banner.js";
import { SignInCard } from "./accounts/sign-in-card.js";
import { CameraButtons } from "./components/camera-buttons.js";
import { Figures } from "./components/figures.js";
import { FullScreenButton } from "./components/full-screen-button.js";
import { GuardWarnings } from "./components/guard-warnings.js";
import { Header } from "./components/header.js";
import { KeysDialog } from "./components/keys-dialog.js";
import { ModeControl } from "./components/mode-control.js";
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
import { isAway, may, session } from "./state/session.js";
import { RecordingsView } from "./recordings/recordings-view.js";
import { pageView } from "./state/page-view.js";

/** The page: the live picture, or recordings; the players of what is not shown are closed. */
export function App() {
  return (
    <>
      <Header />
      <OpenBanner />
      {pageView.value === "recordings" && !isAway.value ? <RecordingsView /> : <LivePage />}
      <NoticeBar />
      <DrillDialog />
      <KeysDialog />
      <AccountDialog />
    </>
  );
}

/** What steers the picture; who may only watch gets what is of the browser alone. */
function Controls() {
  const steers = may("operator");
  return (
    <>
      {steers && <CameraButtons />}
      <div class="controls">
        {steers && <RotationControl />}
        <FullScreenButton />
      </div>
      <div class="control-row">
        <ModeControl />
        {steers && <SizeControl />}
      </div>
      <GuardWarnings />
    </>
  );
}

function Sides() {
  return (
    <>
      <Figures />
      <RecentSwitches />
      <div class="below">
        <PlotsCard />
        <div class="watch">
          <EventsCard />
          <AvailabilityCard />
          <DrillsCard />
        </div>
        {may("operator") && <SettingsPanel />}
        {may("administrator") && session.value?.auth === "accounts" && <AccountsCard />}
      </div>
    </>
  );
}

/** The picture and what steers it in the middle, figures and history on its two sides, protection and settings below. */
function LivePage() {
  const away = isAway.value;
  return (
    <main class="page">
      <div class="centre" data-away={away}>
        <Stage />
        {away ? <SignInCard /> : <Controls />}
      </div>
      {!away && <Sides />}
    </main>
  );
}
