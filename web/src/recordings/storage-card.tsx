import { formatBytes, formatCount, formatMean } from "../i18n/format.js";
import { text } from "../i18n/text.js";
import { labelOf } from "../state/store.js";
import { recording } from "./recordings-store.js";

/** How much room there is, and what the recordings take. */
export function StorageCard() {
  const t = text.value;
  const now = recording.value;
  const known = (value: number | null | undefined, show: (value: number) => string) =>
    value === null || value === undefined ? <span title={t.storageUnknown}>–</span> : show(value);
  return (
    <section class="card" aria-labelledby="storage-title" data-testid="storage">
      <h2 id="storage-title">{t.storage}</h2>
      {now?.spaceLow === true && <p class="storage-low">{t.storageLow}</p>}
      <dl class="facts">
        <div>
          <dt>{t.storageFree}</dt>
          <dd>
            {known(now?.freeBytes, formatBytes)}
            {now !== null && now.totalBytes !== null && <small> / {formatBytes(now.totalBytes)}</small>}
          </dd>
        </div>
        <div>
          <dt>{t.storageHours}</dt>
          <dd>{known(now?.hoursLeft, (hours) => t.hoursOf(hours < 10 ? formatMean(hours) : formatCount(hours)))}</dd>
        </div>
        <div>
          <dt>{t.storageRate}</dt>
          <dd>{known(now?.bytesPerHour, (bytes) => t.perHour(formatBytes(bytes)))}</dd>
        </div>
        {now?.cameras.map(({ camera, files, bytes }) => (
          <div key={camera}>
            <dt>{t.storageOf(labelOf(camera))}</dt>
            <dd>
              {known(bytes, formatBytes)} {files !== null && <small>{t.storageFiles(formatCount(files))}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
