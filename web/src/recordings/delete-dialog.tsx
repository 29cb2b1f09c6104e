import { useEffect, useRef } from "preact/hooks";
import type { Recording } from "../../../server/http/wire-recording.js";
import { text } from "../i18n/text.js";

interface DeleteDialogProps {
  readonly item: Recording | null;
  readonly onDelete: (item: Recording) => void;
  readonly onEnd: () => void;
}

/** Asks before a recording is gone for good; it is open while there is one to ask for. */
export function DeleteDialog({ item, onDelete, onEnd }: DeleteDialogProps) {
  const t = text.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (item !== null) dialog.current?.showModal();
  }, [item]);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="delete-title" data-testid="delete-dialog" onClose={onEnd}>
      <form
        method="dialog"
        onSubmit={(event) => {
          if (item !== null && event.submitter?.dataset["confirm"] === "true") onDelete(item);
        }}
      >
        <h2 id="delete-title">{t.deleteTitle}</h2>
        <p>{t.deleteDetail(item?.name ?? "")}</p>
        <div class="form-end">
          <button class="button" autofocus>
            {t.cancel}
          </button>
          <button class="button strong" data-confirm="true" data-testid="delete-confirm">
            {t.deleteConfirm}
          </button>
        </div>
      </form>
    </dialog>
  );
}
