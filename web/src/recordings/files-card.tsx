import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Recording } from "../../../server/http/wire-recording.js";
import { Icon } from "../components/icon.js";
import { formatBytes, formatDuration, formatTime } from "../i18n/format.js";
import { language } from "../i18n/chosen-language.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { text } from "../i18n/text.js";
import { MoreButton } from "../protection/more-button.js";
import { may } from "../state/session.js";
import { DeleteDialog } from "./delete-dialog.js";
import { Poster } from "./poster.js";
import { loadFiles, pin, playFrom, remove as removeRecording } from "./recordings-actions.js";
import { fileAddress } from "./recordings-api.js";
import { day, files, isDayEmpty, trouble } from "./recordings-store.js";

function emptyText(t: Dictionary): string {
  if (files.value === null) return trouble.value === null ? t.loading : t.recordingsTrouble;
  return isDayEmpty.value === true ? t.none : t.recordingsOfCameraNone;
}

/** The files of the day, newest first: to play, keep, pin and delete one by one. */
export function FilesCard() {
  const t = text.value;
  const known = files.value;
  const going = useSignal<Recording | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const remove = async ({ id }: Recording): Promise<void> => {
    await removeRecording(id);
    // The button that had the focus went with its recording.
    list.current?.focus();
  };
  const next = known?.next ?? null;
  return (
    <section class="card" aria-labelledby="files-title">
      <h2 id="files-title">{t.files}</h2>
      {(known?.items.length ?? 0) === 0 && <p class="empty">{emptyText(t)}</p>}
      <ol class="files" ref={list} tabIndex={-1} aria-labelledby="files-title" data-testid="files">
        {known?.items.map((item) => (
          <FileItem key={item.id} item={item} onDelete={() => (going.value = item)} />
        ))}
      </ol>
      {next !== null && <MoreButton onMore={() => loadFiles(next)} />}
      <DeleteDialog item={going.value} onDelete={(item) => void remove(item)} onEnd={() => (going.value = null)} />
    </section>
  );
}

function FileItem({ item, onDelete }: { item: Recording; onDelete: () => void }) {
  const t = text.value;
  const { id, name, state, startedAt, endedAt, bytes, pinned } = item;
  // The day stands above the list: it is told of what began before it.
  const time = formatTime(startedAt, day.value.from, language.value);
  const playable = state === "finished";
  return (
    <li class="file" data-recording={id} data-state={state} data-pinned={pinned}>
      <button
        type="button"
        class="file-play"
        disabled={!playable}
        aria-label={t.filePlay(time)}
        title={t.filePlay(time)}
        onClick={() => {
          playFrom(startedAt);
        }}
      >
        {playable ? <Poster id={id} alt="" width={88} height={50} /> : <Icon name="record" />}
      </button>
      <div class="file-facts">
        <strong>{time}</strong>
        <small>
          {state === "open"
            ? t.fileOpen
            : state === "setAside"
              ? t.fileSetAside
              : `${formatDuration(endedAt - startedAt)} · ${formatBytes(bytes)}`}
          {pinned && ` · ${t.filePinned}`}
        </small>
      </div>
      {state !== "open" && (
        <div class="file-tools">
          <button
            type="button"
            class="button icon-button"
            hidden={!may("operator")}
            aria-pressed={pinned}
            title={pinned ? t.fileUnpin : t.filePin}
            aria-label={pinned ? t.fileUnpin : t.filePin}
            data-testid="pin"
            onClick={() => void pin(id, !pinned)}
          >
            <Icon name="pin" />
          </button>
          <a
            class="button icon-button"
            href={fileAddress(id)}
            download={name}
            title={t.fileDownload(name)}
            aria-label={t.fileDownload(name)}
            data-testid="download"
          >
            <Icon name="download" />
          </a>
          <button
            type="button"
            class="button icon-button"
            hidden={!may("administrator")}
            disabled={pinned}
            title={t.fileDelete(name)}
            aria-label={t.fileDelete(name)}
            data-testid="delete"
            onClick={onDelete}
          >
            <Icon name="trash" />
          </button>
        </div>
      )}
    </li>
  );
}
