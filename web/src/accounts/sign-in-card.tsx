import { useEffect } from "preact/hooks";
import { text } from "../i18n/text.js";
import { session, sessionEnded, setUpToken } from "../state/session.js";
import { ActionForm, NewPasswordField, TextField } from "./form.js";
import { setUp, signIn } from "./session-actions.js";

/** Below the place of the picture, which stays where it was: signing in, or making the administrator. */
export function SignInCard() {
  if (setUpToken.value !== null) return <SetUpForm />;
  return session.value?.needsSetUp === true ? <NoAdministrator /> : <SignInForm />;
}

/** Whoever has a keyboard writes at once; on a phone the keys would cover the page unasked. */
function useFirstField(id: string): void {
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) document.getElementById(id)?.focus();
  }, [id]);
}

function SignInForm() {
  const t = text.value;
  useFirstField("sign-in-name");
  return (
    <section class="card sign-in" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">{t.signIn}</h2>
      {sessionEnded.value && <p class="hint">{t.sessionEndedDetail}</p>}
      <ActionForm id="sign-in" action={t.signIn} onSubmit={({ name = "", password = "" }) => signIn(name, password)}>
        <TextField id="sign-in-name" name="name" label={t.accountName} autocomplete="username" />
        <TextField
          id="sign-in-password"
          name="password"
          label={t.password}
          type="password"
          autocomplete="current-password"
        />
      </ActionForm>
    </section>
  );
}

function SetUpForm() {
  const t = text.value;
  useFirstField("set-up-name");
  return (
    <section class="card sign-in" aria-labelledby="set-up-title">
      <h2 id="set-up-title">{t.setUpTitle}</h2>
      <p class="hint">{t.setUpDetail}</p>
      <ActionForm id="set-up" action={t.setUpAction} onSubmit={({ name = "", password = "" }) => setUp(name, password)}>
        <TextField id="set-up-name" name="name" label={t.accountName} autocomplete="username" />
        <NewPasswordField id="set-up-password" label={t.password} />
      </ActionForm>
      {session.value?.needsSetUp === false && <SignInInstead />}
    </section>
  );
}

/** For who opens a link that was used: the account is there already. */
function SignInInstead() {
  return (
    <button
      type="button"
      class="button sign-in-instead"
      data-testid="sign-in-instead"
      onClick={() => {
        setUpToken.value = null;
      }}
    >
      {text.value.signInInstead}
    </button>
  );
}

function NoAdministrator() {
  const t = text.value;
  return (
    <section class="card sign-in" data-testid="needs-set-up">
      <h2>{t.needsSetUpTitle}</h2>
      <p class="hint">{t.needsSetUpDetail}</p>
    </section>
  );
}
