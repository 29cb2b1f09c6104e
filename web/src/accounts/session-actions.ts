/** Signing in and out. What does not succeed is thrown, for the form that asked. */
import { noteSession, session, setUpToken } from "../state/session.js";
import { deleteSession, getSession, postSession, postSetUp, putPassword } from "./api.js";

const fragment = "#set-up=";

/** The token of a set-up link is taken out of the address, so that it stands in no history and no picture of the screen. */
export function takeSetUpToken(): void {
  if (!location.hash.startsWith(fragment)) return;
  setUpToken.value = location.hash.slice(fragment.length);
  history.replaceState(null, "", location.pathname + location.search);
}

/** Asks who is signed in. Without an answer all stays as it is: the heartbeat tells that the service is away. */
export async function loadSession(): Promise<void> {
  try {
    noteSession(await getSession());
  } catch {
    // Asked again when the service is heard.
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  noteSession(await postSession(name, password));
}

export async function setUp(name: string, password: string): Promise<void> {
  noteSession(await postSetUp(setUpToken.value ?? "", name, password));
  setUpToken.value = null;
}

export async function signOut(): Promise<void> {
  const view = await deleteSession();
  // On purpose: no words about a session that ended.
  session.value = view;
}

export async function changePassword(former: string, password: string): Promise<void> {
  noteSession(await putPassword(former, password));
}
