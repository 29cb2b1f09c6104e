import type { ComponentChildren } from "preact";
import type { Dictionary } from "../i18n/dictionary.js";
import { text } from "../i18n/text.js";
import { exposures, flickers, focuses, rotations, whiteBalances } from "./choices.js";
import { CheckField, NumberField, SelectField, TextField, type Option } from "./fields.js";
import { useForm } from "./form-state.js";
import { SizeField } from "./size-field.js";

/** All fields of a profile (A7). */
export function FieldGroups() {
  const t = text.value;
  const { draft } = useForm();
  return (
    <>
      <Group title={t.groupPicture}>
        <TextField name="label" label={t.fieldLabel} hint={t.hintLabel} maxLength={40} />
        <SizeField />
        <NumberField name="quality" label={t.fieldQuality} />
        <NumberField name="bitrateKbps" label={t.fieldBitrateKbps} hint={t.hintBitrate} />
      </Group>
      <Group title={t.groupOverlay}>
        <CheckField name="overlayLabel" label={t.fieldOverlayLabel} />
        <CheckField name="overlayTime" label={t.fieldOverlayTime} />
        <p class="field-hint">{t.hintOverlay}</p>
      </Group>
      <Group title={t.groupOrientation}>
        <SelectField
          name="rotation"
          label={t.fieldRotation}
          options={rotations.map((value) => ({ value: String(value), label: `${value}${t.unitDegrees}` }))}
        />
        <CheckField name="hflip" label={t.fieldHflip} />
        <CheckField name="vflip" label={t.fieldVflip} />
      </Group>
      <Group title={t.groupImage}>
        <SelectField name="exposure" label={t.fieldExposure} options={optionsOf(t, exposures)} />
        <NumberField name="exposureCompensation" label={t.fieldExposureCompensation} />
        <SelectField name="whiteBalance" label={t.fieldWhiteBalance} options={optionsOf(t, whiteBalances)} />
        <SelectField name="flicker" label={t.fieldFlicker} options={optionsOf(t, flickers)} />
      </Group>
      <Group title={t.groupFocus}>
        <SelectField name="focus" label={t.fieldFocus} options={optionsOf(t, focuses)} />
        <NumberField name="lensPosition" label={t.fieldLensPosition} hint={t.hintLens} />
        <TextField name="tuningFile" label={t.fieldTuningFile} hint={t.hintTuning} maxLength={255} />
        <CheckField name="zoomed" label={t.fieldZoom} />
        {draft.zoomed && <ZoomFields />}
      </Group>
    </>
  );
}

function ZoomFields() {
  const t = text.value;
  return (
    <>
      <NumberField name="zoomX" label={t.fieldZoomX} />
      <NumberField name="zoomY" label={t.fieldZoomY} />
      <NumberField name="zoomWidth" label={t.fieldZoomWidth} />
      <NumberField name="zoomHeight" label={t.fieldZoomHeight} />
    </>
  );
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <fieldset class="group">
      <legend>{title}</legend>
      <div class="group-fields">{children}</div>
    </fieldset>
  );
}

function optionsOf(
  t: Dictionary,
  choices: readonly { readonly value: string; readonly text: keyof Dictionary & `option${string}` }[],
): Option[] {
  return choices.map((choice) => ({ value: choice.value, label: t[choice.text] }));
}
